"""The places and common names by which people know a time zone: states, large cities, "Central Time".

The tz database names a zone after one city. Most people in the US know theirs by its name or by where they live.
"""

from __future__ import annotations

PLACES = {
    "America/New_York": (
        "Eastern Time, Eastern, ET, EST, EDT, Connecticut, Delaware, District of Columbia, Florida, Georgia, Maine, "
        "Maryland, Massachusetts, Michigan, New Hampshire, New Jersey, New York, North Carolina, Ohio, Pennsylvania, "
        "Rhode Island, South Carolina, Vermont, Virginia, West Virginia, Washington DC, Atlanta, Baltimore, Boston, "
        "Brooklyn, Charlotte, Cincinnati, Cleveland, Columbus, Jacksonville, Miami, Newark, Orlando, Philadelphia, "
        "Pittsburgh, Raleigh, Richmond, Tampa"
    ),
    "America/Chicago": (
        "Central Time, Central, CT, CST, CDT, Alabama, Arkansas, Illinois, Iowa, Kansas, Louisiana, Minnesota, "
        "Mississippi, Missouri, Nebraska, North Dakota, Oklahoma, South Dakota, Tennessee, Texas, Wisconsin, Austin, "
        "Birmingham, Dallas, Des Moines, Fort Worth, Houston, Kansas City, Memphis, Milwaukee, Minneapolis, Nashville, "
        "New Orleans, Omaha, San Antonio, St. Louis, St. Paul, Tulsa, Wichita"
    ),
    "America/Denver": (
        "Mountain Time, Mountain, MT, MST, MDT, Colorado, Montana, New Mexico, Utah, Wyoming, Albuquerque, Billings, "
        "Colorado Springs, El Paso, Salt Lake City, Santa Fe"
    ),
    "America/Los_Angeles": (
        "Pacific Time, Pacific, PT, PST, PDT, California, Nevada, Oregon, Washington, Fresno, Las Vegas, Long Beach, "
        "Oakland, Portland, Sacramento, San Diego, San Francisco, San Jose, Seattle, Spokane"
    ),
    "America/Phoenix": "Arizona, Mesa, Tucson",
    "America/Boise": "Idaho",
    "America/Indiana/Indianapolis": "Indiana",
    "America/Kentucky/Louisville": "Kentucky",
    "America/Anchorage": "Alaska Time, Alaska, AKT, Fairbanks",
    "Pacific/Honolulu": "Hawaii Time, Hawaii, HST",
    "America/Puerto_Rico": "Atlantic Time, San Juan, Ponce",
    "Pacific/Guam": "Hagatna",
    "America/St_Thomas": "Virgin Islands",
    "Europe/London": "England, Scotland, Wales, UK, United Kingdom",
    "Europe/Dublin": "Ireland, Cork, Galway",
}  # fmt: skip
"""What else a zone is called, with commas; the zones that are offered first stand first."""
