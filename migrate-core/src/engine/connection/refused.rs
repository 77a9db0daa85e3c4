//! What to do when a connection cannot be opened.

use std::io;

use crate::engine::connection::{DatabaseError, ErrorKind};

impl DatabaseError {
    /// Returns what to do about a refused connection: the server's own hint, or ours.
    pub(crate) fn connecting_hint(&self) -> Option<String> {
        self.hint.clone().or_else(|| self.way_in().map(str::to_owned))
    }

    fn way_in(&self) -> Option<&'static str> {
        const WAIT: &str = "wait until it accepts connections with `--wait-for-db SECONDS`";
        if self.kind == ErrorKind::Starting {
            return Some(WAIT);
        }
        if self.wants_tls() {
            return Some(
                "the server requires TLS: add `?sslmode=require` to a `postgres://` URL, or `?ssl-mode=REQUIRED` to a \
                `mysql://` one; your own program needs the feature `tls-rustls` or `tls-native` of migrate-core",
            );
        }
        if self.kind == ErrorKind::Authentication {
            return Some(
                "check the user name and password, and the server's access rules for this host",
            );
        }
        if self.lacks_database() {
            return Some(
                "create the database, or correct its name in the URL: databases on a server are not created automatically",
            );
        }
        let io = self.io().filter(|_| self.kind == ErrorKind::Connection)?.kind();
        let breaks_off = [
            io::ErrorKind::ConnectionReset,
            io::ErrorKind::ConnectionAborted,
            io::ErrorKind::UnexpectedEof,
        ];
        if io == io::ErrorKind::ConnectionRefused {
            Some(
                "nothing is listening there: check host and port, or start the server; `--wait-for-db SECONDS` waits for \
                one that is starting",
            )
        } else if breaks_off.contains(&io) {
            Some(WAIT)
        } else {
            Some("check host and port, and that they can be reached from here")
        }
    }

    /// Returns whether the server refused an unencrypted connection.
    fn wants_tls(&self) -> bool {
        let words = ["no encryption", "SSL off", "insecure transport"];
        words.iter().any(|words| self.message.contains(words))
    }

    fn lacks_database(&self) -> bool {
        self.code.as_deref().is_some_and(|code| code == "3D000" || code.ends_with("error 1049"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(kind: ErrorKind, code: &str, message: &str) -> String {
        let error = DatabaseError { code: Some(code.into()), ..DatabaseError::new(kind, message) };
        error.connecting_hint().unwrap_or_default()
    }

    #[test]
    fn each_reason_has_its_way_on() {
        let starting = hint(ErrorKind::Starting, "57P03", "the database system is starting up");
        assert!(starting.contains("--wait-for-db"), "{starting}");
        let password = hint(ErrorKind::Authentication, "28P01", "password authentication failed");
        assert!(password.contains("password"), "{password}");
        let database = hint(ErrorKind::Privilege, "42000, error 1049", "Unknown database 'x'");
        assert!(database.contains("create the database"), "{database}");
        for tls in [
            "no pg_hba.conf entry for host \"10.0.0.1\", user \"u\", database \"d\", no encryption",
            "Connections using insecure transport are prohibited while --require_secure_transport=ON",
        ] {
            assert!(hint(ErrorKind::Authentication, "28000", tls).contains("TLS"), "{tls}");
        }
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let refused = DatabaseError::from_transport(sqlx::Error::Io(refused));
        assert!(refused.may_pass());
        assert!(
            refused.connecting_hint().unwrap_or_default().contains("nothing is listening there")
        );
        assert!(!DatabaseError::new(ErrorKind::Authentication, "no").may_pass());
    }
}
