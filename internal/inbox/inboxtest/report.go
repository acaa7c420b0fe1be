package inboxtest

func conversations(*suite) {}
