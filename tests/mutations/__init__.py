"""A guard on the guards: each mechanism that keeps a promise is switched off, and tests must notice."""
