require: text/text.sc
    module = zenbot-common

theme: /

    state: Remember
        q!: remember $Text
        a: noted: {{ $parseTree._Text }}

    state: CatchAll
        q!: *
        a: nothing
