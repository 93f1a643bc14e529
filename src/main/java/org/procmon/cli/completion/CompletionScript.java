package org.procmon.cli.completion;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The scripts, one for each shell. */
public enum CompletionScript {
    BASH("bash"),
    ZSH("zsh"),
    FISH("fish");

    /** Lists the names of processes, or nothing. */
    private static final String NAMES = "procmon -l 2>/dev/null | sed -e 1d -e 's/ .*//'";

    private final String shell;

    CompletionScript(String shell) {
        this.shell = shell;
    }

    /** The names of the shells. */
    public static List<String> shells() {
        return List.of("bash", "zsh", "fish");
    }

    public static Optional<CompletionScript> of(String shell) {
        for (CompletionScript script : values()) {
            if (script.shell.equals(shell)) {
                return Optional.of(script);
            }
        }
        return Optional.empty();
    }

    /** The text that the shell reads. */
    public String text(List<CommandEntry> commands) {
        return switch (this) {
            case BASH -> bash(commands);
            case ZSH -> zsh(commands);
            case FISH -> fish(commands);
        };
    }

    private static String bash(List<CommandEntry> commands) {
        return """
        # Completion of procmon for bash: . <(procmon completion bash)
        _procmon() {
            local word=${COMP_WORDS[COMP_CWORD]} command= i
            for ((i = 1; i < COMP_CWORD; i++)); do
                case ${COMP_WORDS[i]} in
                    --state-dir | --timeout) i=$((i + 1)) ;;
                    -*) ;;
                    *) command=${COMP_WORDS[i]}; break ;;
                esac
            done
            local options= operands=
            case $command in
                '') operands="%s" ;;
        %s    esac
            case $word in
                -*) operands=$options ;;
            esac
            case $operands in
                NAMES) operands="all $(%s)" ;;
                FILES) COMPREPLY=($(compgen -f -- "$word")); return ;;
            esac
            COMPREPLY=($(compgen -W "$operands" -- "$word"))
        }
        complete -o filenames -F _procmon procmon
        """
                .formatted(
                        names(commands),
                        lines(
                                commands,
                                one ->
                                        "        %s) options=\"%s\" operands=\"%s\" ;;\n"
                                                .formatted(
                                                        one.name(),
                                                        String.join(" ", one.options()),
                                                        operands(one, commands))),
                        NAMES);
    }

    private static String operands(CommandEntry one, List<CommandEntry> commands) {
        return switch (one.operand()) {
            case NAMES, FILES -> one.operand().name();
            case COMMANDS -> names(commands);
            case OTHER -> "";
        };
    }

    private static String zsh(List<CommandEntry> commands) {
        return """
        #compdef procmon
        # Completion of procmon for zsh: procmon completion zsh >"${fpath[1]}/_procmon"
        _procmon() {
            local -a commands names options
            commands=(
        %s    )
            if ((CURRENT == 2)); then
                _describe command commands
                return
            fi
            case ${words[2]} in
        %s    esac
        }
        _procmon "$@"
        """
                .formatted(
                        lines(
                                commands,
                                one ->
                                        "        '%s:%s'\n"
                                                .formatted(one.name(), quoted(one.summary()))),
                        lines(commands, CompletionScript::zshCase));
    }

    private static String zshCase(CommandEntry one) {
        String operands =
                switch (one.operand()) {
                    case NAMES -> "names=(all ${(f)\"$(" + NAMES + ")\"}); compadd -- $names";
                    case FILES -> "_files";
                    case COMMANDS -> "_describe command commands";
                    case OTHER -> ":";
                };
        return """
                %s)
                    options=(%s)
                    if [[ $PREFIX == -* ]]; then compadd -- $options; else %s; fi
                    ;;
        """
                .formatted(one.name(), String.join(" ", one.options()), operands);
    }

    private static String fish(List<CommandEntry> commands) {
        return "# Completion of procmon for fish: procmon completion fish | source\n"
                + "complete -c procmon -f\n"
                + lines(commands, one -> fishLines(one, commands));
    }

    private static String fishLines(CommandEntry one, List<CommandEntry> commands) {
        String seen = "'__fish_seen_subcommand_from " + one.name() + "'";
        StringBuilder text = new StringBuilder(256);
        text.append("complete -c procmon -n __fish_use_subcommand -a ").append(one.name());
        text.append(" -d '").append(quoted(one.summary())).append("'\n");
        for (String option : one.options()) {
            text.append("complete -c procmon -n ").append(seen);
            text.append(option.startsWith("--") ? " -l " : " -s ");
            text.append(option.replaceFirst("^--?", "")).append('\n');
        }
        switch (one.operand()) {
            case NAMES ->
                    text.append("complete -c procmon -n ")
                            .append(seen)
                            .append(" -a \"all (")
                            .append(NAMES)
                            .append(")\"\n");
            case FILES -> text.append("complete -c procmon -n ").append(seen).append(" -F\n");
            case COMMANDS ->
                    text.append("complete -c procmon -n ")
                            .append(seen)
                            .append(" -a '")
                            .append(names(commands))
                            .append("'\n");
            case OTHER -> {}
        }
        return text.toString();
    }

    private static String names(List<CommandEntry> commands) {
        return commands.stream().map(CommandEntry::name).collect(Collectors.joining(" "));
    }

    private static String lines(
            List<CommandEntry> commands, Function<CommandEntry, String> toLine) {
        return commands.stream().map(toLine).collect(Collectors.joining());
    }

    /** For text in single quotes. */
    private static String quoted(String text) {
        return text.replace("'", "").replace(":", " -");
    }
}
