//! Who may do what

use super::{Squawk, Taken};
use migrate_sql::Level;

pub(super) const TAKEN: &[Taken] = &[
    Taken {
        squawk: Squawk::BanCreatePolicy,
        id: "ban-create-policy",
        level: Level::Allow,
        finds: "`CREATE POLICY`",
        why: "Rows become visible or invisible to those who have the rights of the table.",
        rewrite: "Try the policy as each role that it is for before it is released.",
        message: "changes which rows roles see and change",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanDropPolicy,
        id: "ban-drop-policy",
        level: Level::Allow,
        finds: "`DROP POLICY` and `DROP RULE`",
        why: "Rows become visible or invisible at once, and without any policy nobody but the \
              owner sees one.",
        rewrite: "Replace it in the same transaction.",
        message: "changes which rows are seen and changed",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanAlterPolicyCondition,
        id: "ban-alter-policy-condition",
        level: Level::Allow,
        finds: "`ALTER POLICY` with another `USING` or `WITH CHECK`",
        why: "Rows become visible or invisible to those who have the rights of the table.",
        rewrite: "Try the condition as each role that it is for before it is released.",
        message: "changes which rows roles see and change",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanAlterPolicyRoles,
        id: "ban-alter-policy-roles",
        level: Level::Allow,
        finds: "`ALTER POLICY … TO`",
        why: "Roles that it no longer names lose the rows it showed them.",
        rewrite: "Add a policy for the new roles first, and take the old ones away in a later \
                  release.",
        message: "changes for whom the policy holds",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanAlterRowLevelSecurity,
        id: "ban-alter-row-level-security",
        level: Level::Allow,
        finds: "row level security that is switched on, off, or forced",
        why: "Switched on without a policy, nobody but the owner sees a row; switched off, \
              everybody sees all.",
        rewrite: "Create the policies first, in the same transaction.",
        message: "changes whether policies hold for this table",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanAlterRoleOptions,
        id: "ban-alter-role-options",
        level: Level::Allow,
        finds: "`ALTER ROLE` and `ALTER USER` with options or settings",
        why: "What is logged in under the role may lose what it needs.",
        rewrite: "Change roles where they are kept, not in a migration of one application.",
        message: "changes what the role may do or how its sessions are set",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanRevoke,
        id: "ban-revoke",
        level: Level::Allow,
        finds: "`REVOKE`, other owners, and roles that are dropped",
        why: "The application that still runs may lose a right that it needs.",
        rewrite: "Grant what is needed to the new role first; take away in a later release.",
        message: "takes rights away that the application that still runs may need",
        tell: None,
    },
];
