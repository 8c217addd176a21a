"""The language between the core and every platform: messages, cards, forms, commands and the port."""
