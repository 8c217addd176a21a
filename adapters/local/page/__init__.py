"""The playground's web page: a chat in the browser on top of the pretend platform."""
