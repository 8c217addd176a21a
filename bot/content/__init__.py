"""Reads a content file; errors name file, line and column, and say what to write instead.

A file is somebody else's text: it is opened only below the content root, only as a small regular file, and is
taken apart event by event, so that nothing in it (aliases, tags, depth) can make us work or construct anything.
The way from a byte on disk to a sentence for its author goes through these modules, top to bottom:

    file            the bytes, if they are a small regular file below the root, as text
    yaml_tree       the text as plain values, each with the position where it stands
    yaml_problems   what to say where the text is not YAML
    known_files     what texts said that were read at an earlier start
    document        the values as a model
    model_problems  what to say where they are not what the model expects
    folder          several such files in one folder
"""

from bot.content.document import MOST_PROBLEMS, ContentDocument, parse_document, read, read_document
from bot.content.errors import ContentError, ContentErrors, Wrong
from bot.content.file import DEEPEST, MOST_BYTES, MOST_FILES, MOST_VALUES, list_folder
from bot.content.folder import ContentFolder, find_duplicates, find_folders, read_folder
from bot.content.json_schema import schema
from bot.content.known_files import KnownFiles
from bot.content.positions import Loc, Position

__all__ = [
    "DEEPEST",
    "MOST_BYTES",
    "MOST_FILES",
    "MOST_PROBLEMS",
    "MOST_VALUES",
    "ContentDocument",
    "ContentError",
    "ContentErrors",
    "ContentFolder",
    "KnownFiles",
    "Loc",
    "Position",
    "Wrong",
    "find_duplicates",
    "find_folders",
    "list_folder",
    "parse_document",
    "read",
    "read_document",
    "read_folder",
    "schema",
]
