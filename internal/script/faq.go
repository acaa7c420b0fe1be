package script

import "parley/internal/dialog/nlu"

// bindFaq binds $faq.
func (m *vm) bindFaq() {
	m.Bind("faqReplies", func(args []any) (any, error) { return view{m.run}.faqReplies(text(args, 0)), nil })
}

// faqReplies are the replies that the export gives an intent: the one of the path,
// or the one that the request was recognised as. An intent without replies answers
// with its answer. An intent without data answers nothing; the log tells it.
func (r view) faqReplies(path string) string {
	intent := r.faqIntent(path)
	switch {
	case intent == nil:
		r.log.Warn("$faq.pushReplies has no intent to answer for", "bot", r.bot.name, "state", r.state, "intent", path)
	case len(intent.Replies) > 0:
		return string(intent.Replies)
	case intent.Answer != "":
		return marshal([]map[string]string{{"type": "text", "text": intent.Answer}})
	}
	return "[]"
}

func (r view) faqIntent(path string) *nlu.Intent {
	if path != "" {
		intent, _ := r.bot.project.NLU.Intent(path)
		return intent
	}
	if r.meant == nil {
		return nil
	}
	return r.meant.Intent
}
