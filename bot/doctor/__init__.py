"""Whether everything that a running bot needs is there: for `tilth doctor` and `/tilth doctor`."""
