require: main.sc
theme: /
    state: Second
        go!: /Text/Ask
