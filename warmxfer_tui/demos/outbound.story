# You call the customer yourself. Their phone rings within the room, so that you hear it; whether the room
# would outlive the leg that made it is not documented, and must not matter.
title    An outbound call, handed over without a word among all three
customer Mr Lind   +12025550142
you                +12025550101  like line
target   Maria     +12025550151
knob     creator_leaves = goes on | ends

press d for Mr Lind                           # your own line is called first
wait until Mr Lind is ringing
wait until the line is IN
moment You hear his phone ring
  the call is OUT
  the line is IN
  Mr Lind is ringing
  you hear ringing, maybe Mr Lind             # whether a voice gets through before the answer is unknown
  Maria is away
  keys space x

4 seconds pass
Mr Lind answers
wait until the call is TALK
moment He is there
  the call is TALK
  the line is IN
  Mr Lind hears you
  you hear Mr Lind
  Maria is away
  keys c h k o space x

press c for Maria                             # one key: hold and dial go out together
wait until Mr Lind hears hold sound
wait until Maria is ringing
3 seconds pass
Maria answers
wait until the call is CONSULT
moment A word in private
  the call is CONSULT
  the line is IN
  Mr Lind hears hold sound
  you hear Maria
  Maria hears you
  keys b k m s space t x

press t                                       # he is brought to her first, only then you leave
wait until the call is WATCH
moment They talk, and you are out of it
  the call is WATCH
  the line is PARKED
  Mr Lind hears Maria
  you hear nothing
  Maria hears Mr Lind
  keys k x

30 seconds pass
Mr Lind hangs up
wait until Maria is away
moment It is over
  the call is WRAP
  the line is PARKED
  Mr Lind is away
  you hear nothing
  Maria is away
  keys d
