"""Keeping the evidence up to date: fetch what machines read, keep a copy, import it, note what people must read."""
