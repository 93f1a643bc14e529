package org.procmon.importing.supervisord;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Limit;
import org.procmon.config.ProcessSpec;
import org.procmon.config.StopPlan;
import org.procmon.importing.Importer;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImportResult;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

/** As whom, with what and how far a program of supervisord runs. */
class ProgramSectionTest extends ImporterFixture {
    ProgramSectionTest() {
        super(SourceFormat.SUPERVISORD, "supervisord.conf");
    }

    @Test
    void expressionsAreReplacedInEveryKey() throws IOException {
        Path file =
                write(
                        "supervisord.conf",
                        """
                        [supervisord]
                        environment=BASE="/srv/%(ENV_STAGE)s"
                        [program:w]
                        command=x %(ENV_BASE)s %(ENV_OWN)s %(group_name)s %(process_num)3s
                        process_name=%(program_name)s-%(process_num)02d
                        numprocs=%(ENV_N)s
                        user=%(ENV_U)s
                        umask=%(ENV_MASK)s
                        priority=%(ENV_N)s
                        autostart=%(ENV_NO)s
                        startsecs=%(ENV_N)s
                        exitcodes=0,%(ENV_N)s
                        stopsignal=%(ENV_SIG)s
                        stopwaitsecs=%(ENV_N)s
                        redirect_stderr=%(ENV_NO)s
                        stdout_logfile=/log/%(program_name)s.%(process_num)d.%(ENV_OWN)s
                        stdout_logfile_maxbytes=%(ENV_N)sMB
                        directory=%(ENV_BASE)s/%(ENV_OWN)s
                        environment=OWN="o"
                        [group:team]
                        programs=w
                        """);
        Map<String, String> environment =
                Map.of(
                        "STAGE", "live", "N", "2", "U", "nobody", "MASK", "027", "NO", "false",
                        "SIG", "INT", "HOME", "/h");
        ImportResult result = Importer.read(SourceFormat.SUPERVISORD, List.of(file), environment);
        assertThat(result).isInstanceOf(ImportResult.Imported.class);
        String text = ((ImportResult.Imported) result).text();
        assertThat(text)
                .contains("\"id\": \"w-00\"")
                .contains("\"id\": \"w-01\"")
                .contains("exec x /srv/${STAGE} o team 1")
                .contains("\"cwd\": \"/srv/live/o\"")
                .contains("\"success_exit\": [0, 2]")
                .contains("\"reset_after\": \"2s\"}")
                .contains("\"stop\": {\"signal\": \"INT\", \"timeout\": \"2s\", \"to\": \"main\"}")
                .contains("\"user\": \"nobody\"")
                .contains("\"umask\": \"027\"")
                .contains("\"skip\": true")
                .contains("{\"file\": \"/log/w.1.o\", \"max_size\": \"2MiB\", \"keep\": 10}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "numprocs=%(ENV_N)s  | numprocs needs the variable N, which is not set here",
                "user=%(ENV_U)s      | user needs the variable U, which is not set here",
                "user=a%(ENV_STAGE)s,b | user must be the name of an account, found 'alive,b'",
                "startsecs=%(ENV_STAGE)s | startsecs must be a number from 0 to 31536000, found"
                        + " 'live'",
                "directory=%(boo)s   | %(boo)s stands for nothing",
            })
    void reportsAVariableThatMakesAValueInvalid(String setting, String problem) throws IOException {
        Path file = write("a.conf", "[program:a]\ncommand=x\n" + setting);
        assertThat(refused(file)).isEqualTo("a.conf:3: " + problem);
    }

    @Test
    void signalsGoToTheMainProcessUnlessAProgramSaysOtherwise() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [program:a]
                        command=x
                        [program:b]
                        command=x
                        stopasgroup=true
                        [program:c]
                        command=x
                        killasgroup=false
                        """);
        assertThat(outcome.process("a").stop().to()).isEqualTo(StopPlan.Target.MAIN);
        assertThat(outcome.process("b").stop().to()).isEqualTo(StopPlan.Target.GROUP);
        assertThat(outcome.process("c").stop().to()).isEqualTo(StopPlan.Target.MAIN);
        assertThat(outcome.notes())
                .containsExactly(
                        "supervisord.conf:8: [program:c] killasgroup: no equivalent: what is left of"
                                + " its process group is killed when it has ended");
    }

    @Test
    void whatSupervisordIsItselfItsProgramsAreToo() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [supervisord]
                        user=nobody
                        umask=077
                        minfds=999999
                        [program:a]
                        command=x
                        environment=HOME="/a",USER="a",LOGNAME="a",SHELL="/bin/a"
                        [program:b]
                        command=x
                        user=root
                        umask=002
                        """);
        ProcessSpec a = outcome.process("a");
        assertThat(a.identity().user()).contains("nobody");
        assertThat(a.identity().umask()).hasValue(077);
        assertThat(a.identity().limits()).extracting(Limit::soft).containsExactly(999_999L);
        assertThat(a.env()).containsEntry("HOME", "/a").containsEntry("SUPERVISOR_ENABLED", "1");
        assertThat(outcome.process("b").identity().user()).contains("root");
        assertThat(outcome.process("b").identity().umask()).hasValue(2);
        assertThat(outcome.process("b").env())
                .containsEntry("HOME", "/home/ada")
                .containsEntry("SUPERVISOR_PROCESS_NAME", "b");
        TestImport.Outcome foreground =
                done("[supervisord]\nnodaemon=true\numask=077\n[program:a]\ncommand=x");
        assertThat(foreground.process("a").identity().umask()).isEmpty();
        assertThat(foreground.notes())
                .containsExactly(
                        "supervisord.conf:3: [supervisord] umask: it means nothing with nodaemon, to"
                                + " supervisord too");
    }

    @Test
    void relativePathsBeginWhereSupervisordRuns() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [program:a]
                        command=x
                        directory=sub
                        stdout_logfile=log/a.log
                        """);
        assertThat(outcome.process("a").cwd()).contains(folder.resolve("sub"));
        assertThat(outcome.text()).contains("\"file\": \"" + folder + "/log/a.log\"");
        assertThat(outcome.notes())
                .containsExactly(
                        "supervisord.conf:3: [program:a] directory: a relative path; it is taken to"
                                + " begin in "
                                + folder,
                        "supervisord.conf:4: [program:a] stdout_logfile: a relative path; it is"
                                + " taken to begin in "
                                + folder);
        TestImport.Outcome own =
                done("[supervisord]\ndirectory=/srv\n[program:a]\ncommand=x\ndirectory=../opt");
        assertThat(own.process("a").cwd()).contains(Path.of("/opt"));
        assertThat(own.notes()).isEmpty();
    }

    @Test
    void aProgramMayHaveNoProcesses() throws IOException {
        TestImport.Outcome outcome =
                done("[program:a]\ncommand=x\nnumprocs=0\n[program:b]\ncommand=x");
        assertThat(outcome.processes()).extracting(ProcessSpec::id).containsExactly("b");
        assertThat(outcome.notes())
                .containsExactly(
                        "supervisord.conf:1: [program:a]: numprocs is 0, so there is no process");
    }

    @Test
    void groupsStartByTheirPriority() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [program:late]
                        command=x
                        priority=1
                        [program:first]
                        command=x
                        priority=900
                        [program:mid]
                        command=x
                        priority=5
                        [group:g]
                        programs=first, mid
                        priority=0
                        """);
        assertThat(outcome.processes())
                .extracting(ProcessSpec::id)
                .containsExactly("mid", "first", "late");
        assertThat(outcome.process("mid").env()).containsEntry("SUPERVISOR_GROUP_NAME", "g");
    }

    @Test
    void aVariableWithQuotesIsPutThereNow() throws IOException {
        Path file = write("s.conf", "[program:a]\ncommand=x %(ENV_O)s %(ENV_P)s");
        ImportResult.Imported imported =
                (ImportResult.Imported)
                        Importer.read(
                                SourceFormat.SUPERVISORD,
                                List.of(file),
                                Map.of("O", "--a 'b c'", "P", "d"));
        assertThat(imported.text()).contains("exec x --a 'b c' ${P}");
        assertThat(imported.notes())
                .containsExactly(
                        file + ":2: [program:a] command: O has quotes; its value of now is used");
    }
}
