"""`make conform`: whether a running server keeps the rules that a client of the sync rests on."""
