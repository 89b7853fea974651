"""How names and addresses are written and said, without any register: Latin abbreviations and keys (`latin`), words and
numbers of any script (`letters`), Chinese signs and address parts (`chinese`, `parts`), how things sound (`sounds`,
`syllables`), numbers as words (`numerals`), what is said in every call (`speech`). Pure."""
