require: where/where.sc
    module = sys.zb-common

theme: /

    # the variable of a file is one object, also in the turn that reads it first
    state: Same
        q!: та же
        a: {{$Cities === $Cities}} {{$Regions === $Regions}}
