"""Pictures the bot draws: charts as SVG of our own, turned into PNG that is the same everywhere."""
