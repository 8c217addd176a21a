"""What every test can ask for."""

from tests.databases import *
