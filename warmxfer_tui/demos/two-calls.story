# A second customer rings while you talk. The first hears music until you come back.
title    Two customers, one agent
customer Ms Ortiz  +12025550141
customer Mr Lind   +12025550142
you                +12025550101  like line

Ms Ortiz rings in
wait until the call of Ms Ortiz is RING
press a
wait until the call of Ms Ortiz is TALK
Mr Lind rings in
wait until the call of Mr Lind is RING
moment A second phone rings
  the call of Ms Ortiz is TALK
  the call of Mr Lind is RING
  the line is IN
  the focus is Ms Ortiz
  Ms Ortiz hears you
  Mr Lind is ringing
  you hear Ms Ortiz
  keys a c h k o r space tab x

press a                                       # she is put on hold, you leave her room, he is answered
wait until the call of Mr Lind is TALK
wait until the call of Ms Ortiz is HELD
moment With Mr Lind
  the call of Ms Ortiz is HELD
  the call of Mr Lind is TALK
  the line is IN
  the focus is Mr Lind
  Ms Ortiz hears hold sound
  Mr Lind hears you
  you hear Mr Lind
  keys c h k o space tab x

20 seconds pass
press tab
press h                                       # the other way: he waits, and you are back with her
wait until Ms Ortiz hears you
wait until the call of Ms Ortiz is TALK
wait until the call of Mr Lind is HELD
moment Back with Ms Ortiz
  the call of Ms Ortiz is TALK
  the call of Mr Lind is HELD
  the line is IN
  the focus is Ms Ortiz
  Ms Ortiz hears you
  Mr Lind hears hold sound
  you hear Ms Ortiz
  keys c h k o space tab x
