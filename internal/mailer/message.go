package mailer

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"time"
)

// Message is a letter. Content that holds a closing tag goes as HTML, other
// content as plain text.
type Message struct {
	From    string   `json:"from"`
	To      []string `json:"to"`
	Hidden  []string `json:"hidden"` // get it too; the letter does not name them
	Subject string   `json:"subject"`
	Content string   `json:"content"`
}

// Letter is the message as it goes over the wire. The id becomes its Message-ID.
// An address that is none is an error.
func (m *Message) Letter(at time.Time, id string) ([]byte, error) {
	var out bytes.Buffer
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return nil, fmt.Errorf("the sender %q is no mail address", m.From)
	}
	var to []string
	for i, one := range m.recipients() {
		parsed, err := mail.ParseAddress(one)
		if err != nil {
			return nil, fmt.Errorf("the recipient %q is no mail address", one)
		}
		if i < len(m.To) {
			to = append(to, parsed.String())
		}
	}
	kind := "text/plain"
	if strings.Contains(m.Content, "</") {
		kind = "text/html"
	}
	fmt.Fprintf(&out, "From: %s\r\nTo: %s\r\nSubject: %s\r\n", from, strings.Join(to, ", "), mime.QEncoding.Encode("utf-8", m.Subject))
	fmt.Fprintf(&out, "Date: %s\r\nMessage-ID: <%s@parley>\r\nMIME-Version: 1.0\r\n", at.Format(time.RFC1123Z), id)
	fmt.Fprintf(&out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", kind)
	for body := []byte(m.Content); len(body) > 0; {
		n := min(len(body), 57) // makes lines of 76 characters
		fmt.Fprintf(&out, "%s\r\n", base64.StdEncoding.EncodeToString(body[:n]))
		body = body[n:]
	}
	return out.Bytes(), nil
}

func (m *Message) recipients() []string { return append(append([]string{}, m.To...), m.Hidden...) }

// bare is an address that Letter has checked, without its name.
func bare(text string) string {
	parsed, err := mail.ParseAddress(text)
	if err != nil {
		return text
	}
	return parsed.Address
}
