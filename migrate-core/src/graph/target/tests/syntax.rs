//! What can be written.

use crate::graph::target::{Target, TargetRange};

fn revision(text: &str) -> Target {
    Target::Revision(text.to_owned())
}

fn within(scope: &str, target: Target) -> Target {
    Target::Within(scope.to_owned(), Box::new(target))
}

fn offset(target: Target, steps: i32) -> Target {
    Target::Offset(Box::new(target), steps)
}

#[test]
fn every_form_is_read_and_given_back() {
    let forms = [
        ("head", Target::Head),
        ("heads", Target::Heads),
        ("base", Target::Base),
        ("current", Target::Current),
        ("002", revision("002")),
        ("2024_05.1", revision("2024_05.1")),
        ("feature-x", revision("feature-x")),
        ("+2", Target::Relative(2)),
        ("-1", Target::Relative(-1)),
        ("002+1", offset(revision("002"), 1)),
        ("head-2", offset(Target::Head, -2)),
        ("feature-x-2", offset(revision("feature-x"), -2)),
        ("blue@head", within("blue", Target::Head)),
        ("blue@base", within("blue", Target::Base)),
        ("my-crate@002", within("my-crate", revision("002"))),
        ("blue@+2", within("blue", Target::Relative(2))),
        ("blue@head-2", within("blue", offset(Target::Head, -2))),
    ];
    for (text, target) in forms {
        assert_eq!(text.parse(), Ok(target.clone()), "{text}");
        assert_eq!(target.to_string(), text);
    }
}

#[test]
fn anything_else_is_refused_with_what_is_allowed() {
    for text in [
        "",
        " ",
        "+",
        "-",
        "+0",
        "002-0",
        "002+",
        "head-",
        "002+1+1",
        "002-1-1",
        "@",
        "@head",
        "blue@",
        "a@b@c",
        "a b",
        "002+1@head",
        "+99999999999",
        "a:b",
        "é",
    ] {
        let error = text.parse::<Target>().unwrap_err();
        assert_eq!(error.code(), "target-syntax", "{text}");
        assert!(error.hint().unwrap().contains("`label@head`"));
    }
}

#[test]
fn ranges_may_be_open() {
    for text in ["001:head", "001:", ":blue@head-1", ":"] {
        assert_eq!(text.parse::<TargetRange>().unwrap().to_string(), text);
    }
    assert_eq!("001".parse::<TargetRange>().unwrap_err().code(), "range-syntax");
    assert_eq!("001:002:003".parse::<TargetRange>().unwrap_err().code(), "target-syntax");
}
