package chat

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"parley/internal/session"
)

// screen is what is shown, and the buttons that can be clicked on it.
type screen struct {
	out    io.Writer
	labels []string // what the buttons that were offered last send
	failed bool     // something went wrong
}

func (c *screen) printf(format string, args ...any) {
	fmt.Fprintf(c.out, format, args...)
}

// refuse says why a line was not done.
func (c *screen) refuse(format string, args ...any) {
	c.failed = true
	c.printf("? "+format+"\n", args...)
}

// clicked is the text of the button with a number, else the line itself.
func (c *screen) clicked(line string) string {
	if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(c.labels) {
		return c.labels[n-1]
	}
	return line
}

func (c *screen) json(name string, value any) {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		c.refuse("%s cannot be shown: %s", name, err)
		return
	}
	c.printf("%s = %s\n", name, text)
}

// reply is what a terminal shows of a response object: contract (e).
type reply struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	Name    string `json:"name"`
	URL     string `json:"url"`
	Options []struct {
		Label string `json:"label"`
		Text  string `json:"text"`
	} `json:"options"`
	Cards []struct {
		Title    string `json:"title"`
		Subtitle string `json:"subtitle"`
		Media    struct {
			URL string `json:"url"`
		} `json:"media"`
		Buttons []struct {
			Type  string `json:"type"`
			Label string `json:"label"`
			URL   string `json:"url"`
			Value string `json:"value"`
		} `json:"buttons"`
	} `json:"cards"`
}

func (c *screen) reply(raw session.Reply) {
	var r reply
	if err := json.Unmarshal(raw, &r); err != nil {
		c.printf("%s\n", raw)
		return
	}
	switch r.Type {
	case "text", "carousel":
		if r.Text != "" {
			c.printf("%s\n", r.Text)
		}
	case "image", "audio", "video", "file":
		c.printf("%s\n", strings.TrimSpace(r.Type+": "+r.URL+" "+r.Name))
	case "handover": // the notes tell it
	default:
		c.printf("%s\n", raw)
	}
	c.cards(&r)
	for _, o := range r.Options {
		c.button(o.Label, o.Text)
	}
}

func (c *screen) cards(r *reply) {
	for _, card := range r.Cards {
		if card.Title != "" {
			c.printf("- %s\n", card.Title)
		}
		for _, line := range []string{card.Subtitle, card.Media.URL} {
			if line != "" {
				c.printf("  %s\n", line)
			}
		}
		for _, b := range card.Buttons {
			if b.Type == "url" {
				c.printf("  link: %s %s\n", b.Label, b.URL)
				continue
			}
			c.button(b.Label, b.Value)
		}
	}
}

// button prints a button with its number; a click sends its text.
func (c *screen) button(label, text string) {
	c.labels = append(c.labels, text)
	c.printf("  [%d] %s\n", len(c.labels), label)
}
