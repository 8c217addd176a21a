"""What the columns of people are called in tables that others hand in, in the languages of the catalog."""

from __future__ import annotations

EMAIL = (
    "email", "e mail", "mail", "email address", "e mail address", "work email", "school email", "correo",
    "correo electronico", "direccion de correo", "direccion de correo electronico",
)  # fmt: skip
FIRST = ("first name", "firstname", "first", "given name", "nombre de pila")
LAST = ("last name", "lastname", "last", "surname", "family name", "apellido", "apellidos")
"""Each as `fold_heading` compares it, the likeliest first."""
