theme: /

    state: Hello
        q!: hello
        a: Hello from a module.
