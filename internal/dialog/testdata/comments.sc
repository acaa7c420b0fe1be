    # indented comment before everything
theme: /
# at the margin
    state: A
  # less indented than the block it sits in
        q!: a
        script:
            var x = 1;
# at the margin, inside code
            var y = "# no comment";

            # last
        a: after the script
        # between
        if: x // trailing
# at the margin, before the child
            a: child
    init:
        var z = 2;
 # odd
        z++;
