//! The database of a command, and what commands ask of it.

use std::sync::Arc;

use migrate_core::{
    Address, Connected, Context, Dialect, Edited, Graph, History, Holder, Plan, Report, Request,
    Settings, Standing, Status, Unfinished,
};

use crate::announce::Announcing;
use crate::error::CommandError;
use crate::settings::Database;
use crate::signal::StopSwitch;

/// A database and the graph; the database may not exist yet.
pub(crate) struct DatabaseHandle {
    pub(crate) graph: Arc<Graph>,
    pub(crate) database: Database,
    /// Its address, for display.
    pub(crate) address: Address,
    pub(crate) dialect: Dialect,
    pub(crate) settings: Settings,
    pub(crate) stop: StopSwitch,
    pub(crate) connected: Option<Connected>,
    /// Whether the run still has to announce what it will undo.
    pub(crate) announcing: Announcing,
}

impl DatabaseHandle {
    /// Returns whether the database exists.
    pub(crate) fn exists(&self) -> bool {
        self.connected.is_some()
    }

    pub(crate) async fn read_history(&mut self) -> Result<History, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.read_history().await?),
            None => Ok(History::default()),
        }
    }

    pub(crate) async fn plan(&mut self, request: &Request) -> Result<Plan, CommandError> {
        if let Some(connected) = &mut self.connected {
            return Ok(connected.plan(request).await?);
        }
        let context = Context { dialect: self.dialect, policies: self.settings.policies };
        Ok(Plan::new(request, &self.graph, &History::default(), context)?)
    }

    /// Returns the applied revisions that were edited since.
    pub(crate) async fn edited(&mut self) -> Result<Vec<Edited>, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.edited().await?),
            None => Ok(Vec::new()),
        }
    }

    /// Returns the unfinished revisions.
    pub(crate) async fn unfinished(&mut self) -> Result<Vec<Unfinished>, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.unfinished().await?),
            None => Ok(Vec::new()),
        }
    }

    /// Returns the run that may be working on an unfinished revision. Does not query if there is none.
    pub(crate) async fn at_work(&mut self, all: &[Status]) -> Result<Option<Holder>, CommandError> {
        let unfinished = all.iter().any(|status| status.state == Standing::Failed);
        if unfinished { self.lock_holder().await } else { Ok(None) }
    }

    pub(crate) async fn run(&mut self, request: &Request) -> Result<Report, CommandError> {
        match &mut self.connected {
            Some(connected) => {
                let _running = self.stop.run();
                Ok(connected.run(request).await?)
            }
            None => Ok(Report::default()),
        }
    }

    /// Runs exactly the plan that was shown.
    pub(crate) async fn run_plan(&mut self, plan: &Plan) -> Result<Report, CommandError> {
        match &mut self.connected {
            Some(connected) => {
                let _running = self.stop.run();
                Ok(connected.run_plan(plan).await?)
            }
            None => Ok(Report::default()),
        }
    }

    pub(crate) async fn lock_holder(&mut self) -> Result<Option<Holder>, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.lock_holder().await?),
            None => Ok(None),
        }
    }

    pub(crate) async fn release_lock(&mut self) -> Result<Option<Holder>, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.release_lock().await?),
            None => Ok(None),
        }
    }

    /// Closes the connection. All work is done by then, so a lost connection is not a failure.
    pub(crate) async fn close(self) {
        if let Some(connected) = self.connected {
            drop(connected.close().await);
        }
    }
}
