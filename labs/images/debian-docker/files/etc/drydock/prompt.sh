# Prompt marks as terminals and the lab tests understand them (OSC 133): A prompt, B input, C output, D;status end.
case $- in *i*) ;; *) return 0 ;; esac
alias ls='ls --color=auto' ll='ls -l' grep='grep --color=auto'
PS1='\[\e]133;A\a\]\u@\h:\w\$ \[\e]133;B\a\]'
PS0='\e]133;C\a'
PROMPT_COMMAND='printf "\e]133;D;%s\a" "$?"'
