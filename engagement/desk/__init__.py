"""The staff's own records: what was imported, merged and undone, by whom. None of it is part of the register."""
