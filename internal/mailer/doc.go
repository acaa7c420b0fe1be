// Package mailer writes letters and hands them to a mail server.
package mailer
