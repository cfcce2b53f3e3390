"""How a language writes days and numbers, where Django's own formats differ from what the register's pages say."""
