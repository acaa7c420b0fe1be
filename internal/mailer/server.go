package mailer

import (
	"context"
	"crypto/tls"
	"net"
	"net/smtp"
)

// PortTLS is the port on which mail servers speak TLS from the start; on others
// STARTTLS is used where it is offered.
const PortTLS = "465"

// Server takes letters over SMTP.
type Server struct {
	Host, Port     string
	User, Password string // "" for no login
}

// Send hands a letter of a message to the server, before ctx ends.
func (s Server) Send(ctx context.Context, dialer *net.Dialer, m *Message, letter []byte) error {
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, s.Port))
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	security := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if s.Port == PortTLS {
		conn = tls.Client(conn, security)
	}
	client, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return err
	}
	if ok, _ := client.Extension("STARTTLS"); ok {
		if err := client.StartTLS(security); err != nil {
			return err
		}
	}
	return s.speak(client, m, letter)
}

func (s Server) speak(client *smtp.Client, m *Message, letter []byte) error {
	if s.User != "" {
		if err := client.Auth(smtp.PlainAuth("", s.User, s.Password, s.Host)); err != nil {
			return err
		}
	}
	if err := client.Mail(bare(m.From)); err != nil {
		return err
	}
	for _, one := range m.recipients() {
		if err := client.Rcpt(bare(one)); err != nil {
			return err
		}
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_ = client.Quit() // the server has taken the letter
	return nil
}
