theme: /
  state: Two
     q!: three
     a: text
       goes on
          and on
     state: Deep
       a: ok
      # fine
     go!: /Two
       a: deeper than its tag
  state: Three
          a: far
      a: less far
