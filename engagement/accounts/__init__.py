"""The accounts of staff: who fails to log in too often waits, the second factor, forgotten passwords."""
