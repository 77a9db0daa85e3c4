//! The parameters of PostgreSQL's URLs: those of libpq and sqlx, and other clients' names for the search path.

mod options;

use crate::engine::url::UrlError;
use crate::engine::url::parts::Parameter;
#[cfg(any(feature = "postgres", test))]
use crate::engine::url::parts::encode;
use crate::engine::url::server::{
    Attributes, Fate, Server, Table, cache_capacity, connect_timeout, database, filled, host,
    password, port, user,
};

use self::options::{option, options, schema, search_path, timeout};
use Fate::{Only, Own, Refused, Text, Word};

const TLS_MODES: &[&str] = &["disable", "prefer", "require", "verify-ca", "verify-full"];
const NO_SUCH_TLS: &str = "leave it out: the driver cannot do this; `sslmode=verify-full` checks the server's certificate";
const OF_SYSTEM: &str =
    "leave it out, and set it for the whole system (`sysctl net.ipv4.tcp_keepalive_time`)";

/// How each parameter is handled. `docs/configuration.md` lists them.
pub(super) const TABLE: &Table = &[
    ("host", Own(host)),
    ("hostaddr", Own(host_address)),
    ("port", Own(port)),
    ("dbname", Own(database)),
    ("user", Own(user)),
    ("password", Own(password)),
    ("sslmode", Word("sslmode", TLS_MODES)),
    ("ssl-mode", Word("sslmode", TLS_MODES)),
    ("sslrootcert", Own(root_certificate)),
    ("ssl-root-cert", Own(root_certificate)),
    ("ssl-ca", Own(root_certificate)),
    ("sslcert", Text("sslcert")),
    ("ssl-cert", Text("sslcert")),
    ("sslkey", Text("sslkey")),
    ("ssl-key", Text("sslkey")),
    ("application_name", Text("application_name")),
    ("fallback_application_name", Own(fallback_name)),
    ("connect_timeout", Own(connect_timeout)),
    ("target_session_attrs", Own(attributes)),
    ("options", Own(options)),
    ("options[…]", Own(option)),
    ("search_path", Own(search_path)),
    ("currentSchema", Own(search_path)),
    ("schema", Own(schema)),
    ("statement_timeout", Own(timeout)),
    ("lock_timeout", Own(timeout)),
    ("statement-cache-capacity", Own(cache_capacity)),
    ("client_encoding", Only(&["UTF8", "UTF-8", "auto"], "leave it out: SQL is sent as UTF-8")),
    (
        "channel_binding",
        Only(
            &["disable", "prefer"],
            "leave it out: the driver has no channel binding; `sslmode=verify-full` protects against a false server",
        ),
    ),
    (
        "gssencmode",
        Only(
            &["disable", "prefer"],
            "leave it out: the driver has no GSSAPI; encrypt by `sslmode=require`",
        ),
    ),
    (
        "replication",
        Only(&["false", "off", "no", "0"], "leave it out: migrations need an ordinary session"),
    ),
    ("load_balance_hosts", Only(&["disable"], "leave it out: one host is named")),
    ("sslcompression", Only(&["0"], "leave it out: the driver has no compression")),
    (
        "sslnegotiation",
        Only(&["postgres"], "leave it out: the driver asks for TLS in the usual way"),
    ),
    ("sslsni", Only(&["1"], "leave it out: the driver always names the host")),
    ("keepalives", Refused(OF_SYSTEM)),
    ("keepalives_idle", Refused(OF_SYSTEM)),
    ("keepalives_interval", Refused(OF_SYSTEM)),
    ("keepalives_count", Refused(OF_SYSTEM)),
    ("tcp_user_timeout", Refused(OF_SYSTEM)),
    ("passfile", Refused("set the environment's `PGPASSFILE`")),
    (
        "require_auth",
        Refused(
            "leave it out: the driver cannot do this; allow one method in the server's `pg_hba.conf`",
        ),
    ),
    ("service", Refused("write the service's host, user and database into the URL")),
    ("servicefile", Refused("write the service's host, user and database into the URL")),
    (
        "krbsrvname",
        Refused("leave it out: the driver has no Kerberos; use a password or a client certificate"),
    ),
    (
        "gsslib",
        Refused("leave it out: the driver has no GSSAPI; use a password or a client certificate"),
    ),
    (
        "gssdelegation",
        Refused("leave it out: the driver has no GSSAPI; use a password or a client certificate"),
    ),
    (
        "sslpassword",
        Refused(
            "decrypt the key's file first: `openssl pkey -in KEY -out NEW`, and name the new file by `sslkey`",
        ),
    ),
    ("sslcertmode", Refused(NO_SUCH_TLS)),
    ("sslcrl", Refused(NO_SUCH_TLS)),
    ("sslcrldir", Refused(NO_SUCH_TLS)),
    ("sslkeylogfile", Refused(NO_SUCH_TLS)),
    ("requirepeer", Refused("leave it out: the driver cannot do this")),
    ("requiressl", Refused("write `sslmode=require`")),
    ("ssl_min_protocol_version", Refused("leave it out: the driver takes TLS 1.2 and later")),
    ("ssl_max_protocol_version", Refused("leave it out: the driver takes TLS 1.2 and later")),
    (
        "ssl",
        Refused(
            "write `sslmode=require`, or `sslmode=verify-full` to check the server's certificate",
        ),
    ),
    (
        "tls",
        Refused(
            "write `sslmode=require`, or `sslmode=verify-full` to check the server's certificate",
        ),
    ),
    ("timezone", Refused("write `options=-c%20timezone%3DUTC`")),
    ("TimeZone", Refused("write `options=-c%20timezone%3DUTC`")),
    (
        "role",
        Refused(
            "write `options=-c%20role%3DNAME`, or choose the role by `--role` or `role` in `migrate.toml`",
        ),
    ),
];

/// Reads `hostaddr`. Together with `host`, libpq connects to the address and checks the certificate of the host, which the
/// driver cannot do.
fn host_address(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    if server.host.is_some() {
        return Err(UrlError::refused(
            &parameter.name,
            "name the server once: by its name or by its address",
        ));
    }
    if parameter.value.contains(',') {
        return Err(UrlError::SeveralHosts);
    }
    let address: std::net::IpAddr =
        parameter.value.parse().map_err(|_| UrlError::value(&parameter.name, "an IP address"))?;
    server.host = Some(address.to_string());
    Ok(())
}

fn root_certificate(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    if parameter.value == "system" {
        let instead = "leave it out: with `sslmode=verify-full` and no file, public certificate authorities are trusted";
        return Err(UrlError::refused(&parameter.name, instead));
    }
    if server.driver("sslrootcert").is_some() {
        return Err(UrlError::Twice { name: "sslrootcert".to_owned() });
    }
    server.driver.push(("sslrootcert", filled(parameter)?));
    Ok(())
}

fn fallback_name(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    server.fallback_name = Some(filled(parameter)?);
    Ok(())
}

fn attributes(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    server.attributes = match parameter.value.as_str() {
        "any" | "prefer-standby" => Attributes::Any,
        "read-write" => Attributes::ReadWrite,
        "read-only" => Attributes::ReadOnly,
        "primary" => Attributes::Primary,
        "standby" => Attributes::Standby,
        _ => {
            let words =
                "`any`, `read-write`, `read-only`, `primary`, `standby` or `prefer-standby`";
            return Err(UrlError::value(&parameter.name, words));
        }
    };
    Ok(())
}

/// Combines the parts: as in libpq, a root certificate makes `require` check it.
pub(super) fn finish(mut server: Server) -> Server {
    let asked = server.driver("sslrootcert").is_some();
    if let Some((_, mode)) = server.driver.iter_mut().find(|(name, _)| *name == "sslmode")
        && asked
        && mode == "require"
    {
        "verify-ca".clone_into(mode);
    }
    server
}

impl Server {
    /// Returns the URL from which sqlx builds its options. Every part is a parameter, so that none can be mistaken for another.
    #[cfg(any(feature = "postgres", test))]
    pub(crate) fn postgres_url(&self) -> String {
        let port = self.port.map(|port| port.to_string());
        let options = (!self.options.is_empty()).then(|| self.options.join(" "));
        let own = [
            ("host", &self.host),
            ("port", &port),
            ("user", &self.user),
            ("password", &self.password),
            ("dbname", &self.database),
            ("options", &options),
        ];
        let own = own.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        let driver = self.driver.iter().map(|(name, value)| (*name, value.as_str()));
        let parameters: Vec<String> =
            own.chain(driver).map(|(name, value)| format!("{name}={}", encode(value))).collect();
        format!("postgres:///?{}", parameters.join("&"))
    }
}
