package script

import (
	"parley/internal/dialog/nlu"
)

// NLU is an OpenAI-compatible service that tells which intent a text means. Its
// key is the secret NLU_API_KEY.
type NLU struct {
	URL   string // base address, such as https://api.openai.com/v1; "" for none
	Model string
}

const nluKey = "NLU_API_KEY"

// newRemote is the classifier that asks the service, nil without one. XML tests
// never ask it.
func (b *Bot) newRemote() nlu.Classifier {
	if b.options.NLU.URL == "" || b.options.Testing || len(b.project.NLU.Intents) == 0 {
		return nil
	}
	return nlu.NewRemote(b.project.NLU, b.project.Understanding().Local(), nlu.RemoteOptions{
		URL: b.options.NLU.URL, Model: b.options.NLU.Model, Key: b.vault.secrets[nluKey],
		Failed: func(err error) {
			b.options.Log.Warn("the service of understanding failed; the local classifier answers", "bot", b.name, "error", err)
		},
	})
}
