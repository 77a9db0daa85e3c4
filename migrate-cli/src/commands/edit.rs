//! `edit`

use std::path::{Path, PathBuf};
use std::process::Command;

use migrate_core::{NodeSet, Origin};

use crate::args::Edit;
use crate::commands::show;
use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::session::{Session, target};

pub(super) fn edit(session: &mut Session<'_>, args: &Edit) -> Outcome {
    let graph = session.graph()?;
    let node = show::one(&graph, &NodeSet::new(), &target(&args.revision)?)?;
    let Some(origin) = graph.migration(node).origin() else {
        let message =
            format!("`{}` was created at run time and has no file", graph.reference(node));
        return Err(Problem::new("no-sources", message).into());
    };
    let file = find(session.home()?, &origin)?;
    let world = session.world;
    let Some(editor) = world.variable("VISUAL").or_else(|| world.variable("EDITOR")) else {
        let problem = Problem::usage(
            "no-editor",
            format_args!("no editor is set to open `{}`", file.display()),
        );
        return Err(problem.hint("set `EDITOR`").into());
    };
    open(editor, &file)
}

/// Finds the file: the compiler writes paths relative to its folder, which is the crate's or one above it.
fn find(home: &Path, origin: &Origin) -> Result<PathBuf, CommandError> {
    let candidates = home.ancestors().map(|folder| folder.join(origin.file));
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let problem = Problem::new("no-sources", format_args!("`{}` does not exist", origin.file));
        problem.hint("run this command where the program was compiled").into()
    })
}

/// Opens the file. The editor may include arguments: `code --wait`.
fn open(editor: &str, file: &Path) -> Outcome {
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or(editor);
    let status = Command::new(program).args(words).arg(file).status();
    let status = status
        .map_err(|error| Problem::new("editor", format_args!("cannot run `{editor}`: {error}")))?;
    if status.success() {
        return Ok(Exit::DONE);
    }
    Err(Problem::new("editor", format_args!("`{editor}` ended with {status}")).into())
}
