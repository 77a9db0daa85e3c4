use super::*;

fn parse(url: &str) -> DatabaseUrl {
    url.parse().unwrap_or_else(|error: UrlError| panic!("{url}: {error}"))
}

fn refusal(url: &str) -> UrlError {
    url.parse::<DatabaseUrl>().expect_err(url)
}

fn server(url: &str) -> Server {
    parse(url).server().expect("a server").clone()
}

fn driver(url: &str) -> String {
    server(url).postgres_url()
}

#[test]
fn what_would_leave_the_connection_open_is_refused() {
    for url in [
        "postgres://h/d?sslmod=verify-full",
        "postgres://h/d?TLS=1",
        "postgres://h/d?sslmode=verify_full",
        "postgres://h/d?sslmode=",
        "postgres://h/d?sslcert=",
        "postgres://h/d?ssl=true",
        "mysql://h/d?ssl-verify=REQUIRED",
        "mysql://h/d?useSSL=true",
        "mysql://h/d?ssl-mode=require",
    ] {
        let error = refusal(url);
        let told = format!("{error}; {}", error.hint());
        assert!(told.contains("ssl"), "{told}");
    }
    for url in
        ["postgres://h/d?sslmode=require", "mysql://h/d?ssl-mode=required&ssl-ca=a", "sqlite:a"]
    {
        parse(url);
    }
}

#[test]
fn a_parameter_that_no_client_knows_is_named() {
    for (url, name) in [
        ("postgres://h/d?serach_path=a", "serach_path"),
        ("postgres://h/d?work_mem=1MB", "work_mem"),
        ("postgres://h/d?SSLMODE=require", "SSLMODE"),
        ("mysql://h/d?parseTime=true", "parseTime"),
        ("sqlite:a?ssl=1", "ssl"),
        ("sqlite:a?Mode=ro", "Mode"),
    ] {
        let error = refusal(url);
        assert!(
            matches!(&error, UrlError::UnknownParameter { name: found, .. } if found == name),
            "{url}: {error:?}"
        );
    }
}

#[test]
fn a_parameter_that_cannot_be_honoured_says_what_to_write() {
    for (url, instead) in [
        ("postgres://h/d?channel_binding=require", "verify-full"),
        ("postgres://h/d?service=shop", "host"),
        ("postgres://h/d?sslpassword=x", "pkey"),
        ("postgres://h/d?timezone=UTC", "options=-c%20timezone%3DUTC"),
        ("postgres://h/d?ssl=true", "sslmode=require"),
        ("postgres://h/d?sslrootcert=system", "leave it out"),
        ("postgres://h/d?schema=a,b", "search_path=a,b"),
        ("postgres:///d?host=h:5433", "port="),
        ("postgres://h/d?options=-c transaction_timeout=1", "transaction_timeout"),
        ("mysql://h/d?charset=latin1", "utf8mb4"),
        ("mysql://h/d?ssl_verify_cert=true", "VERIFY_CA"),
        ("sqlite:a?nolock=1", "lock"),
        ("sqlite+pysqlcipher:///a", "sqlite:FILE"),
        ("jdbc:postgresql://h/d", "jdbc:"),
        ("host=h dbname=d", "postgres://user@host/dbname"),
    ] {
        let error = refusal(url);
        assert!(error.hint().contains(instead), "{url}: {error}; {}", error.hint());
    }
}

#[test]
fn what_is_said_twice_or_of_several_hosts_is_refused() {
    for url in [
        "postgres://h/d?sslmode=require&sslmode=disable",
        "postgres://h/d?sslmode=require&ssl-mode=disable",
        "postgres://h/d?search_path=a&schema=b",
        "postgres://h/d?options=-c search_path=a&search_path=b",
        "mysql://h/d?ssl-ca=a&ssl_ca=b",
        "mysql://h/d?socket=a&unix_socket=b",
        "sqlite:a?mode=ro&mode=rw",
    ] {
        assert!(matches!(refusal(url), UrlError::Twice { .. }), "{url}");
    }
    for url in
        ["postgres://a,b/d", "postgres://a:1,b:2/d", "postgres:///d?host=a,b", "mysql://a,b/d"]
    {
        assert_eq!(refusal(url), UrlError::SeveralHosts, "{url}");
    }
}

#[test]
fn sockets_and_parameters_name_the_server_as_libpq_has_it() {
    for (url, expected) in [
        ("postgres://h:1/d", "postgres:///?host=h&port=1&dbname=d"),
        (
            "postgres://u@/d?host=/run/pg&port=2",
            "postgres:///?host=%2Frun%2Fpg&port=2&user=u&dbname=d",
        ),
        (
            "postgres://u:p%40@%2Frun%2Fpg:2/d",
            "postgres:///?host=%2Frun%2Fpg&port=2&user=u&password=p%40&dbname=d",
        ),
        ("postgres://[::1]:2/d", "postgres:///?host=%3A%3A1&port=2&dbname=d"),
        ("postgres:///d?user=u&password=a+b", "postgres:///?user=u&password=a%2Bb&dbname=d"),
        ("postgres:///?hostaddr=10.0.0.1&dbname=d", "postgres:///?host=10%2E0%2E0%2E1&dbname=d"),
        ("postgres://h/a?dbname=b", "postgres:///?host=h&dbname=b"),
        ("postgres://u:p#q@h/d#1", "postgres:///?host=h&user=u&password=p%23q&dbname=d%231"),
        ("postgres://", "postgres:///?"),
    ] {
        assert_eq!(driver(url), expected, "{url}");
    }
}

#[test]
fn the_search_path_of_any_client_is_the_sessions() {
    for (url, path) in [
        ("postgres://h/d?search_path=a,b", "a,b"),
        ("postgres://h/d?search_path=a,+b", "a, b"),
        ("postgres://h/d?currentSchema=a,b", "a,b"),
        ("postgres://h/d?schema=A b", "\"A b\""),
        ("postgres://h/d?options=-c%20search_path%3Da", "a"),
        ("postgres://h/d?options=-csearch_path=a", "a"),
        ("postgres://h/d?options=-c+search-path=a", "a"),
        ("postgres://h/d?options=--search_path%3Da%5C%20b", "a b"),
        ("postgres://h/d?options[search_path]=a", "a"),
    ] {
        assert_eq!(parse(url).search_path(), Some(path), "{url}");
    }
    let options = |url| server(url).options.join(" ");
    assert_eq!(options("postgres://h/d?schema=A b"), "-c search_path=\"A\\ b\"");
    assert_eq!(options("postgres://h/d?options=-c work_mem=1MB -N"), "-c work_mem=1MB -N");
}

#[test]
fn times_are_read_as_the_server_reads_them() {
    let statement = |url: &str| parse(url).statement_timeout();
    assert_eq!(
        statement("postgres://h/d?statement_timeout=1500"),
        Some(Duration::from_millis(1500))
    );
    assert_eq!(statement("postgres://h/d?statement_timeout=1s"), Some(Duration::from_secs(1)));
    assert_eq!(
        statement("postgres://h/d?options=-c statement_timeout=2min"),
        Some(Duration::from_mins(2))
    );
    assert_eq!(parse("postgres://h/d?lock_timeout=0").lock_timeout(), Some(Duration::ZERO));
    assert_eq!(
        parse("mysql://h/d?connect_timeout=3").connect_timeout(),
        Some(Duration::from_secs(3))
    );
    for url in [
        "postgres://h/d?statement_timeout=soon",
        "postgres://h/d?statement_timeout=99999999999",
        "postgres://h/d?connect_timeout=1s",
        "postgres://h/d?target_session_attrs=writable",
    ] {
        assert!(matches!(refusal(url), UrlError::BadValue { .. }), "{url}");
    }
}

#[test]
fn a_certificate_authority_implies_checking_it() {
    let mode = |url: &str, name| server(url).driver(name).map(str::to_owned);
    let verified = Some("verify-ca".to_owned());
    assert_eq!(mode("postgres://h/d?sslmode=require&sslrootcert=a", "sslmode"), verified);
    assert_eq!(mode("mysql://h/d?ssl_ca=a", "ssl-mode"), Some("VERIFY_CA".to_owned()));
    assert_eq!(
        mode("mysql://h/d?ssl_ca=a&ssl-mode=required", "ssl-mode"),
        Some("REQUIRED".to_owned())
    );
}

#[test]
fn sockets_of_mysql_have_the_names_of_its_clients() {
    for url in [
        "mysql://root@/d?socket=/run/m.sock",
        "mysql+pymysql://root@/d?unix_socket=/run/m.sock",
        "mysql://root@%2Frun%2Fm.sock/d",
        "mysql://root@localhost/d?socket=/run/m.sock",
    ] {
        let server = server(url);
        assert_eq!(server.socket.as_deref(), Some("/run/m.sock"), "{url}");
        assert_eq!(server.database.as_deref(), Some("d"), "{url}");
    }
}

#[test]
fn no_password_is_shown() {
    for (url, shown) in [
        ("postgres://u:p@h:5432/d", "postgres://u:***@h:5432/d"),
        ("postgres://u:p@ss@h/d", "postgres://u:***@h/d"),
        (
            "postgres://u@h/d?password=p&sslmode=require",
            "postgres://u@h/d?password=***&sslmode=require",
        ),
        ("postgres:///d", "postgres:///d"),
        ("mysql://u:p q@h/d", "mysql://u:***@h/d"),
        (
            "postgres://u@h/d?Pass%77ord=x&user=u",
            "unknown parameter `Password` in the database URL",
        ),
        ("postgres://u:p/ss@h/d", "the database URL has no number for its port"),
        ("postgres:u:p@h/d", "the database URL has no `//` after its scheme"),
        ("postgres:/u:p@h/d", "the database URL has no `//` after its scheme"),
        ("postgres://u:p?p=p@h/d", "the database URL has no number for its port"),
        (
            "postgres://u:%p@h/d",
            "the database URL has a `%` that is not followed by two hexadecimal digits",
        ),
        (
            "postgres://u@h/d?p@x",
            "the database URL has something after its `?` that is not `name=value`",
        ),
        ("sqlite:a:b@c.db?mode=ro", "sqlite:a:b@c.db?mode=ro"),
        ("mysql://u:p@h/d", "mysql://u:***@h/d"),
        ("sqlite:shop.db", "sqlite:shop.db"),
    ] {
        match url.parse::<DatabaseUrl>() {
            Ok(parsed) => {
                assert_eq!(parsed.to_string(), shown);
                assert!(!format!("{parsed:?}").contains("p@"), "{url}");
                assert!(!parsed.database().contains("p@"), "{url}");
            }
            Err(error) => assert_eq!(error.to_string(), shown),
        }
    }
}

#[test]
fn spellings_of_sqlalchemy_work() {
    assert_eq!(parse("mysql+pymysql://u:p@h/d").expose(), "mysql://u:p@h/d");
    assert_eq!(parse("mariadb+asyncmy://u:p@h/d").expose(), "mysql://u:p@h/d");
    assert_eq!(parse("postgresql+psycopg2://u:p@h/d").expose(), "postgresql://u:p@h/d");
    assert_eq!(parse("sqlite+aiosqlite:///shop.db").expose(), "sqlite:shop.db");
    assert_eq!(parse("sqlite+aiosqlite:////var/shop.db").expose(), "sqlite:/var/shop.db");
    assert_eq!(
        parse("sqlite+pysqlite:///file:a.db?mode=ro&uri=true").expose(),
        "sqlite:a.db?mode=ro"
    );
}

#[test]
fn files_have_the_names_of_sqlx_and_of_sqlites_own_uris() {
    for (url, path) in [
        ("sqlite:shop.db", "shop.db"),
        ("sqlite://shop.db", "shop.db"),
        ("sqlite://data/shop.db", "data/shop.db"),
        ("sqlite:///var/shop.db", "/var/shop.db"),
        ("sqlite:////shop.db", "/shop.db"),
        ("sqlite:a%20b%3f.db", "a b?.db"),
        ("sqlite:100%.db", "100%.db"),
        ("sqlite:a#b.db", "a#b.db"),
        ("file:shop.db?mode=ro", "shop.db"),
        ("file:///var/shop.db", "/var/shop.db"),
        ("file://localhost/var/shop.db", "/var/shop.db"),
        ("sqlite:file:shop.db?cache=shared", "shop.db"),
    ] {
        let url = parse(url);
        assert_eq!(url.database(), path);
        // The text passed on has the same meaning.
        assert_eq!(parse(url.expose()), url);
    }
    for url in [
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite:///:memory:",
        "file::memory:",
        "file:a?mode=memory",
    ] {
        assert!(parse(url).is_in_memory(), "{url}");
    }
    for url in [
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        "sqlite+aiosqlite://",
        "sqlite: ",
        "sqlite:?mode=ro",
        "file:",
        "sqlite:///shop.db",
        "file://server/a.db",
    ] {
        assert!(matches!(refusal(url), UrlError::Malformed { .. }), "{url}");
    }
}

#[test]
fn the_database_is_named() {
    assert_eq!(parse("postgres://u:p@h:5432/d?sslmode=disable").database(), "d");
    assert_eq!(parse("postgres:///d").database(), "d");
    assert_eq!(parse("mysql://h/a%20b").database(), "a b");
    assert_eq!(parse("sqlite://shop.db?mode=rwc").database(), "shop.db");
}

#[test]
fn an_unknown_engine_is_named() {
    assert_eq!(refusal("oracle://h"), UrlError::UnknownScheme { scheme: "oracle".into() });
    assert_eq!(refusal("shop"), UrlError::NoScheme);
    assert_eq!(refusal(" "), UrlError::Empty);
}

#[test]
fn the_documentation_names_every_parameter_that_is_honoured() {
    let documentation = include_str!("../../../../docs/configuration.md");
    for (table, aliases) in [
        (
            postgres::TABLE,
            &["ssl-mode", "ssl-root-cert", "ssl-ca", "ssl-cert", "ssl-key", "options[…]"][..],
        ),
        (
            mysql::TABLE,
            &[
                "ssl_mode",
                "sslmode",
                "ssl_ca",
                "sslca",
                "ssl_cert",
                "sslcert",
                "ssl_key",
                "sslkey",
                "timezone",
                "time-zone",
            ],
        ),
    ] {
        let honoured = table.iter().filter(|(_, fate)| fate.is_honoured()).map(|(name, _)| *name);
        for name in honoured.filter(|name| !aliases.contains(name)) {
            assert!(documentation.contains(&format!("`{name}`")), "`{name}`");
        }
    }
}
