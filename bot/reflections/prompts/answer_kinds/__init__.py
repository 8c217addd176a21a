"""The kinds of answer that a question can ask for, a module each; `registry` lists them."""
