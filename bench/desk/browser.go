package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

const browserScript = "bench/desk/browser.mjs"

// browser is a Chromium with somebody at the desk. It is asked line by line.
type browser struct {
	command *exec.Cmd
	ask     io.WriteCloser
	answers *bufio.Reader
	Version string `json:"version"`
}

// seen is when a text stood in the document and when it was on the screen, in
// milliseconds since 1970.
type seen struct {
	InDocument float64 `json:"in_document"`
	Painted    float64 `json:"painted"`
}

// painted is one load of the page, in milliseconds since its navigation began.
type painted struct {
	Rows    float64 `json:"rows"`    // the first rows are on the screen
	Count   int     `json:"count"`   // how many
	Scripts int64   `json:"scripts"` // bytes of scripts that were loaded
}

func openBrowser(ctx context.Context, base string, cookie *http.Cookie) (*browser, error) {
	given, err := json.Marshal(map[string]string{"base": base, "cookie": cookie.Value, "name": cookie.Name})
	if err != nil {
		return nil, err
	}
	b := &browser{command: exec.CommandContext(ctx, "node", browserScript)}
	b.command.Env = append(os.Environ(), "GIVEN="+string(given))
	b.command.Stderr = os.Stderr
	b.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if b.ask, err = b.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := b.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	b.answers = bufio.NewReader(out)
	if err := b.command.Start(); err != nil {
		return nil, err
	}
	return b, b.answer(b)
}

// paint loads the page with an empty cache.
func (b *browser) paint() (painted, error) {
	var p painted
	return p, errors.Join(b.say("paint", ""), b.answer(&p))
}

// watch opens the page that stays open.
func (b *browser) watch() error { return errors.Join(b.say("watch", ""), b.answer(nil)) }

// seek makes the page look for a text in its list, and returns when it does.
func (b *browser) seek(text string) error { return errors.Join(b.say("seek", text), b.answer(nil)) }

// found waits for the text.
func (b *browser) found() (seen, error) {
	var s seen
	return s, errors.Join(b.say("found", ""), b.answer(&s))
}

func (b *browser) say(what, text string) error {
	line, err := json.Marshal(map[string]string{"do": what, "text": text})
	if err != nil {
		return err
	}
	_, err = b.ask.Write(append(line, '\n'))
	return err
}

func (b *browser) answer(out any) error {
	line, err := b.answers.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the browser's script ended: %w", err)
	}
	var failed struct {
		Failed string `json:"failed"`
	}
	if err := json.Unmarshal(line, &failed); err != nil {
		return fmt.Errorf("the browser's script: %w: %s", err, line)
	}
	if failed.Failed != "" {
		return errors.New("the browser: " + strings.TrimSpace(failed.Failed))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(line, out)
}

// shut ends the browser; its script ends when nobody can ask any more.
func (b *browser) shut() error { return errors.Join(b.ask.Close(), b.command.Wait()) }
