package script

// mail is a message that a script sent.
type mail struct {
	From    string
	To      []string
	Subject string
	Content string
}
