//! What to do when a connection was not had.

use std::io;

use crate::engine::connection::{DatabaseError, ErrorKind};

impl DatabaseError {
    /// What to do about a connection that was refused, unless the server has said it itself.
    pub(crate) fn connecting_hint(&self) -> Option<String> {
        self.hint.clone().or_else(|| self.way_in().map(str::to_owned))
    }

    fn way_in(&self) -> Option<&'static str> {
        const WAIT: &str = "wait for it with `--wait-for-db SECONDS`";
        if self.kind == ErrorKind::Starting {
            return Some(WAIT);
        }
        if self.wants_tls() {
            return Some(
                "the server demands TLS: add `?sslmode=require` to a `postgres://` URL, `?ssl-mode=REQUIRED` to a `mysql://` \
                 one; a program of your own needs the feature `tls-rustls` or `tls-native` of migrate-core",
            );
        }
        if self.kind == ErrorKind::Authentication {
            return Some(
                "see whether user and password in the URL are right, and whether the server lets this user in from here",
            );
        }
        if self.lacks_database() {
            return Some(
                "create the database first, or correct its name in the URL: on a server none is created by itself",
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
                "nothing listens there: see whether host and port in the URL are right and the server runs; one that \
                 is about to come is waited for with `--wait-for-db SECONDS`",
            )
        } else if breaks_off.contains(&io) {
            Some(WAIT)
        } else {
            Some("see whether host and port in the URL are right, and can be reached from here")
        }
    }

    /// PostgreSQL finds no line for connections in the clear, or MySQL says so.
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
        assert!(refused.connecting_hint().unwrap_or_default().contains("nothing listens there"));
        assert!(!DatabaseError::new(ErrorKind::Authentication, "no").may_pass());
    }
}
