use super::*;

const NAME: &str = "DATABASE_URL";

fn find_in(text: &str) -> Result<Option<String>, Fault> {
    let outer = [("HOST".to_owned(), "h".to_owned()), ("NONE".to_owned(), String::new())];
    find(text.as_bytes(), NAME, &outer.into_iter().collect())
}

fn value_in(text: &str) -> String {
    find_in(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}")).expect("a value")
}

#[test]
fn a_value_is_what_shells_make_of_it() {
    for (text, expected) in [
        ("DATABASE_URL=a", "a"),
        ("\u{feff}DATABASE_URL=a", "a"),
        ("# b\n\n  export DATABASE_URL = a # c\nX=1", "a"),
        ("DATABASE_URL=a#b", "a#b"),
        ("DATABASE_URL='a # $b'", "a # $b"),
        ("DATABASE_URL=\"a\\$b \\\"c\\\"\"\r\n", "a$b \"c\""),
        ("DATABASE_URL=a\r\nB=c\r\n", "a"),
        ("DATABASE_URL=x\"y\"'z'", "xyz"),
        ("DATABASE_URL=\"$HOST/${HOST}x/${NAME:-d}/${NONE:-e}/$NONE\"", "h/hx/d/e/"),
        ("DB=shop\nDATABASE_URL=\"p://$HOST/$DB\"", "p://h/shop"),
        ("HOST=other\nDATABASE_URL=$HOST", "h"),
        ("A=1\nA=$A2\nA=3\nDATABASE_URL=$A", "3"),
        ("DATABASE_URL=a$ b$1", "a$ b$1"),
        ("KEY='two\nlines'\nDATABASE_URL=a", "a"),
        ("DATABASE_URL=", ""),
        ("DATABASE_URL=a\nDATABASE_URL='a'", "a"),
    ] {
        assert_eq!(value_in(text), expected, "{text}");
    }
}

#[test]
fn odd_lines_of_others_do_not_matter() {
    for odd in [
        "OTHER=a b c",
        "OTHER=it's",
        "OTHER=\"a",
        "set -a",
        "OTHER=$(date)",
        "=",
        "é=1",
        "OTHER=${A%/*}",
    ] {
        assert_eq!(value_in(&format!("{odd}\nDATABASE_URL=a\n{odd}")), "a", "{odd}");
    }
    assert_eq!(find_in("# DATABASE_URL=a\nDATABASE_URL_TEST=b"), Ok(None));
}

#[test]
fn a_line_that_cannot_be_read_is_named_by_its_number() {
    for (text, line, words) in [
        ("A=1\nDATABASE_URL='a", 2, "not closed"),
        ("A='\n'\nDATABASE_URL=\"a", 3, "not closed"),
        ("DATABASE_URL=$nobody", 1, "`$nobody` is not set"),
        ("DATABASE_URL=${HOST%/*}", 1, "${NAME}"),
        ("DATABASE_URL=$(pass db)", 1, "not run"),
        ("\nDATABASE_URL: a", 2, "DATABASE_URL=value"),
        ("set DATABASE_URL=a", 1, "DATABASE_URL=value"),
        ("A=it's\nDATABASE_URL=$A", 1, "not closed"),
        ("DATABASE_URL=a\nDATABASE_URL=b", 2, "line 1"),
    ] {
        let fault = find_in(text).expect_err(text);
        assert_eq!(fault.line, line, "{text}: {fault:?}");
        assert!(fault.what.contains(words), "{text}: {fault:?}");
    }
    let utf16: Vec<u8> = [0xff, 0xfe, b'D', 0].to_vec();
    assert!(find(&utf16, NAME, &BTreeMap::new()).is_err());
    let latin1 = find(b"DATABASE_URL=\xe9", NAME, &BTreeMap::new()).expect_err("Latin-1");
    assert!(latin1.what.contains("UTF-8"), "{latin1:?}");
    let other = find(b"A=\xe9\nDATABASE_URL=a", NAME, &BTreeMap::new());
    assert_eq!(other, Ok(Some("a".to_owned())));
}
