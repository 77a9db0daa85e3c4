use Dialect::{Mysql, Postgres, Sqlite};

use super::*;

fn postgres(sql: &str) -> Checksum {
    Checksum::of_sql(sql, Postgres)
}

/// These are stored in databases. When one changes, the algorithm needs a new name, not the test new values.
#[test]
fn stored_checksums_never_change() {
    let cases = [
        ("", Postgres, "6e758d0cb065c18e9eb163df445e389a6d7e6d09cc1492283d40056532ffc7f0"),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL);",
            Postgres,
            "fae9e38140b4263ffa6184f7e786f7274abbffedaaf416b4e97e6cb1befff319",
        ),
        (
            "SELECT E'a\\'b', $x$ ; $x$, $1, a->>'b', 1.5e-3 -- c",
            Postgres,
            "7b05456000b8e58c3c24c7e6129b8f8eb91dcd3167cae976250a31a70783ec7c",
        ),
        (
            "/*!40101 SET NAMES utf8 */; SELECT `a`, \"b\\\"\", @c # d",
            Mysql,
            "9efdf1d0292741b39cf943ef61ea64a38802c7aaad5aa7e22f2de8c66154cdb4",
        ),
        (
            "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$",
            Mysql,
            "bab99ca9aedfc109fe5b088dc7810e3f8d2fe8d1c546a382f5a007cc1faf0a48",
        ),
        (
            "INSERT INTO [a b] VALUES (x'00', :c, ?1);",
            Sqlite,
            "873c7a099f5c0d68b81cce9dd4a956af157d6249caedbd52bc25df6df93dc282",
        ),
        (
            "SELECT 'oops",
            Sqlite,
            "82516077597257e974679a2f3968700da854d486fa442d6a302177467a74a3dc",
        ),
    ];
    for (sql, dialect, expected) in cases {
        assert_eq!(Checksum::of_sql(sql, dialect).to_string(), expected, "{sql}");
    }
    assert_eq!(
        Checksum::of_code("fn up ( ) { }").to_string(),
        "ed06ab79964f1990bb202f52d471658f4c690c1600e1f61192faa0154a76c06c"
    );
}

#[test]
fn gaps_do_not_count() {
    let expected = postgres("SELECT a, 'b' FROM c");
    for sql in [
        "\u{feff}SELECT a , 'b'\r\nFROM c",
        "-- x\nSELECT/**/a,'b'FROM c /* y */",
        "SELECT\ta,\n'b' FROM c",
    ] {
        assert_eq!(postgres(sql), expected, "{sql}");
    }
}

#[test]
fn everything_else_counts() {
    let all = [
        "SELECT a",
        "select a",
        "SELECT \"a\"",
        "SELECTa",
        "SELECT 'a'",
        "SELECT 'A'",
        "SELECT 'a '",
        "SELECT 'a\n'",
        "SELECT 'a\r\n'",
        "SELECT /*+ b */ a",
        "SELECT /*+ c */ a",
        "SELECT; a",
        "SELECT a, b",
        "",
    ];
    for (index, one) in all.iter().enumerate() {
        for other in &all[index + 1..] {
            assert_ne!(postgres(one), postgres(other), "{one} / {other}");
        }
    }
    let mysql = |sql| Checksum::of_sql(sql, Mysql);
    assert_ne!(mysql("/*! SELECT 1 */"), mysql("SELECT 1"));
    assert_ne!(mysql("/*! SELECT 1 */"), mysql("/*M! SELECT 1 */"));
    assert_ne!(mysql("/*!40000 SELECT 1 */"), mysql("/*!50000 SELECT 1 */"));
}

#[test]
fn only_terminators_between_tokens_count() {
    assert_eq!(postgres("; ;A;;\n--\n;B; ;"), postgres("A;B"));
    assert_ne!(postgres("A;B"), postgres("A B"));
    assert_eq!(postgres(";"), postgres(""));
}

#[test]
fn line_ends_in_hints_do_not_count() {
    assert_eq!(postgres("/*+ a\r\nb */ C"), postgres("/*+ a\nb */ C"));
}

#[test]
fn the_algorithms_never_meet() {
    assert_ne!(postgres(""), Checksum::of_code(""));
}

#[test]
fn hexadecimal_is_read_back() {
    let checksum = postgres("A");
    assert_eq!(checksum.to_string().to_uppercase().parse(), Ok(checksum));
    assert_eq!(Checksum::from_bytes(*checksum.as_bytes()), checksum);
    for wrong in ["", "ab", &"g".repeat(64), &"a".repeat(63), &"a".repeat(66)] {
        assert_eq!(wrong.parse::<Checksum>(), Err(ParseChecksumError));
    }
}
