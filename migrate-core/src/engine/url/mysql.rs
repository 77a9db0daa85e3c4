//! The parameters of MySQL's URLs: those of sqlx, and the names that MySQL's clients and `PyMySQL` use for them.

use crate::engine::url::UrlError;
use crate::engine::url::parts::Parameter;
use crate::engine::url::server::{
    Fate, Server, Table, cache_capacity, connect_timeout, database, filled, host, password, port,
    user,
};

use Fate::{Only, Own, Refused, Text, Word};

const TLS_MODES: &[&str] = &["DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"];
const MODE_INSTEAD: &str =
    "write `ssl-mode=REQUIRED`, or `ssl-mode=VERIFY_IDENTITY` to check the server's certificate";
const BY_OPTION: &str = "leave it out, and limit statements by `--statement-timeout` and waiting for locks by `--lock-timeout`";
const MODES: &str = "leave it out: migrations run in the server's own SQL mode";

/// How each parameter is handled. `docs/configuration.md` lists them.
pub(super) const TABLE: &Table = &[
    ("host", Own(host)),
    ("port", Own(port)),
    ("user", Own(user)),
    ("password", Own(password)),
    ("database", Own(database)),
    ("dbname", Own(database)),
    ("socket", Own(socket)),
    ("unix_socket", Own(socket)),
    ("ssl-mode", Word("ssl-mode", TLS_MODES)),
    ("ssl_mode", Word("ssl-mode", TLS_MODES)),
    ("sslmode", Word("ssl-mode", TLS_MODES)),
    ("ssl-ca", Text("ssl-ca")),
    ("ssl_ca", Text("ssl-ca")),
    ("sslca", Text("ssl-ca")),
    ("ssl-cert", Text("ssl-cert")),
    ("ssl_cert", Text("ssl-cert")),
    ("sslcert", Text("ssl-cert")),
    ("ssl-key", Text("ssl-key")),
    ("ssl_key", Text("ssl-key")),
    ("sslkey", Text("ssl-key")),
    ("collation", Own(collation)),
    ("timezone", Text("timezone")),
    ("time-zone", Text("timezone")),
    ("time_zone", Text("timezone")),
    ("connect_timeout", Own(connect_timeout)),
    ("statement-cache-capacity", Own(cache_capacity)),
    ("charset", Only(&["utf8mb4"], "write `charset=utf8mb4`, or leave it out: SQL is sent in it")),
    ("ssl", Refused(MODE_INSTEAD)),
    ("tls", Refused(MODE_INSTEAD)),
    ("useSSL", Refused(MODE_INSTEAD)),
    ("sslMode", Refused(MODE_INSTEAD)),
    ("ssl_verify_cert", Refused("write `ssl-mode=VERIFY_CA`")),
    ("ssl_verify_identity", Refused("write `ssl-mode=VERIFY_IDENTITY`")),
    ("ssl_disabled", Refused("write `ssl-mode=DISABLED`")),
    ("ssl_capath", Refused("name one file by `ssl-ca`")),
    ("ssl-capath", Refused("name one file by `ssl-ca`")),
    ("read_timeout", Refused(BY_OPTION)),
    ("write_timeout", Refused(BY_OPTION)),
    ("statement_timeout", Refused(BY_OPTION)),
    ("lock_timeout", Refused(BY_OPTION)),
    ("sql_mode", Refused(MODES)),
    ("init_command", Refused("leave it out: begin the migration with what it needs to be set")),
    ("read_default_file", Refused("write the file's host, user and database into the URL")),
    ("db", Refused("write `database=NAME`, or the name behind the host: `mysql://host/NAME`")),
    ("schema", Refused("write the database's name behind the host: `mysql://host/NAME`")),
    ("passwd", Refused("write `password=…`")),
];

fn socket(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    if server.socket.is_some() {
        return Err(UrlError::Twice { name: "socket".to_owned() });
    }
    server.socket = Some(filled(parameter)?);
    Ok(())
}

/// Checks the collation, which is written into SQL as it is.
fn collation(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    let name = filled(parameter)?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !name.bytes().all(is_name) || !name.starts_with("utf8mb4") {
        return Err(UrlError::value(&parameter.name, "a collation of `utf8mb4`"));
    }
    server.driver.push(("collation", name));
    Ok(())
}

/// Combines the parts: a path in place of the host is a socket, and a certificate authority implies checking it.
pub(super) fn finish(mut server: Server) -> Server {
    if let Some(path) = server.host.take_if(|host| host.starts_with('/')) {
        server.socket.get_or_insert(path);
    }
    if server.driver("ssl-ca").is_some() && server.driver("ssl-mode").is_none() {
        server.driver.push(("ssl-mode", "VERIFY_CA".to_owned()));
    }
    server
}
