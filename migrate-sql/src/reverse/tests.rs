//! Texts and what undoes them.
