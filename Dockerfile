# The example's migrations as a separate image: a release runs it before the application starts.
#
#   docker build -t shop-migrate .
#   docker run --rm -e DATABASE_URL=postgres://... shop-migrate production

FROM rust:1.95.0-bookworm AS build
# The image has this toolchain; without this line rustup would also fetch clippy and rustfmt.
ENV RUSTUP_TOOLCHAIN=1.95.0
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p shop-migrations --features cli \
    && cp target/release/shop-migrate /usr/local/bin/

FROM debian:bookworm-slim
COPY --from=build /usr/local/bin/shop-migrate /usr/local/bin/
USER 65534:65534
ENTRYPOINT ["shop-migrate"]
CMD ["production"]
