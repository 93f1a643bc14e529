package org.procmon.importing.monofpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

class MonoFpmImporterTest extends ImporterFixture {
    MonoFpmImporterTest() {
        super(SourceFormat.MONO_FPM, "site.xml");
    }

    private static String settings(String... pairs) {
        StringBuilder text = new StringBuilder("<Settings>\n");
        for (int i = 0; i < pairs.length; i += 2) {
            text.append("<Setting Name=\"" + pairs[i] + "\" Value=\"" + pairs[i + 1] + "\"/>\n");
        }
        return text.append("</Settings>\n").toString();
    }

    @Test
    void eachLinkToATemplateIsAPoolThatReadsItsFile() throws IOException {
        Path template =
                write(
                        "template",
                        """
                        <?xml version="1.0" encoding="utf-8" ?>
                        <!-- for all sites -->
                        <Settings>
                            <Setting Name="shimsock" Value="/tmp/shims/$(filename)" />
                            <Setting Name="ondemandsock" Value="unix://660@/tmp/backs/$(filename)" />
                            <Setting Name="instance-type" Value="ondemand" />
                            <Setting Name="user" Value="$(filename)" />
                            <Setting Name="group" Value="www-data" />
                            <Setting Name="name" Value="$(filename)" />
                            <Setting Name="socket" Value="unix://640@/tmp/sockets/$(filename)" />
                            <Setting Name="applications" Value="/:/tmp/website/$(filename)/" />
                            <Setting Name="idle-time" Value="20" />
                        </Settings>
                        """);
        Path sites = Files.createDirectory(folder.resolve("sites"));
        Files.createSymbolicLink(sites.resolve("b.xml"), template);
        Files.createSymbolicLink(sites.resolve("a.example.org.xml"), template);
        write("sites/c.txt", "no site");
        TestImport.Outcome outcome = done(sites);

        assertThat(outcome.text())
                .isEqualTo(
                        """
                        // Imported from FOLDER/sites (mono-fpm).
                        {
                          "pools": [
                            {
                              "id": "a.example.org",
                              "exec": "fastcgi-mono-server4 --configfile FOLDER/sites/a.example.org.xml --socket=pipe",
                              "listen": "unix://640@/tmp/sockets/a.example.org",
                              "backlog": 500,
                              "mode": "ondemand",
                              "workers": 1,
                              "idle_timeout": "20s",
                              "user": "a.example.org",
                              "group": "www-data"
                            },
                            {
                              "id": "b",
                              "exec": "fastcgi-mono-server4 --configfile FOLDER/sites/b.xml --socket=pipe",
                              "listen": "unix://640@/tmp/sockets/b",
                              "backlog": 500,
                              "mode": "ondemand",
                              "workers": 1,
                              "idle_timeout": "20s",
                              "user": "b",
                              "group": "www-data"
                            }
                          ]
                        }
                        """
                                .replace("FOLDER", folder.toString()));
        String why = ": no equivalent: the monitor opens the socket and starts the server";
        assertThat(outcome.notes())
                .containsExactly(
                        "sites/a.example.org.xml:4: shimsock" + why,
                        "sites/a.example.org.xml:5: ondemandsock" + why,
                        "sites/b.xml:4: shimsock" + why,
                        "sites/b.xml:5: ondemandsock" + why);
    }

    @Test
    void aFileWithoutAUserRunsAsItsOwner() throws IOException {
        Path file = write("site.xml", settings("socket", "unix:/run/$(user)-$(group)"));
        String user = Files.getOwner(file).getName();
        String group = Files.getAttribute(file, "posix:group").toString();
        TestImport.Outcome outcome = done(file);
        assertThat(outcome.text())
                .contains(
                        "\"user\": \"" + user + "\"",
                        "\"listen\": \"/run/" + user + "-" + group + "\"",
                        "\"idle_timeout\": \"60s\"");
        assertThat(outcome.notes())
                .containsExactly(
                        "site.xml:1: without 'user' it runs as the owner of the file, " + user,
                        "site.xml:1: without 'group', mono-fpm takes 'nobody'; here it is the group"
                                + " of the user");
    }

    @Test
    void whatWouldMakeTheServerListenElsewhereIsTurnedOff() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        <Settings>
                          <Setting Name="socket"><Value><![CDATA[tcp]]></Value></Setting>
                          <Setting><Name>port</Name><Value>90&#48;1</Value></Setting>
                          <Setting Name='user' Value='root'/><Setting Name="group" Value="root"/>
                          <Setting Name="ondemand" Value="True"/>
                          <Setting Name="stoppable" Value="true"/>
                          <Setting Name="instance-type" Value="Static"/>
                          <Setting Name="idle-time" Value="5"/>
                          <Setting Name="other" Value="&lt;&amp;&gt;"/>
                          <web-application><name>x</name></web-application>
                        </Settings>
                        """);
        assertThat(outcome.text())
                .contains(
                        "site.xml --socket=pipe --ondemand- --stoppable-\"",
                        "\"listen\": \"127.0.0.1:9001\"",
                        "\"mode\": \"static\"")
                .doesNotContain("idle_timeout");
        assertThat(outcome.notes())
                .containsExactly(
                        "site.xml:10: web-application: no equivalent: mono-fpm reads the elements"
                                + " 'Setting' only",
                        "site.xml:10: name: no equivalent: mono-fpm reads the elements 'Setting'"
                                + " only",
                        "site.xml:8: idle-time: no equivalent: a static server runs at all times",
                        "site.xml:9: other: the setting is unknown; fastcgi-mono-server4 gets it"
                                + " with its file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unix:/a/b|/a/b",
                "unix:///a/b|/a/b",
                "unix://600@/a/b|unix://600@/a/b",
                "file:///a|/a",
                "UNIX|/tmp/fastcgi-mono-server",
                "unix:\\0name|@name",
                "tcp|127.0.0.1:9000",
                "tcp:8081|127.0.0.1:8081",
                "tcp:0.0.0.0:8081|0.0.0.0:8081",
                "tcp://[::1]:8081|[::1]:8081",
            })
    void everyFormOfSocketIsAnAddress(String socket, String address) throws IOException {
        assertThat(done(settings("socket", socket)).text())
                .contains("\"listen\": \"" + address + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "<Settings/>|1: there is no element 'Setting' with a name",
                "<a>\\n<b>\\n</a>|3: expected </b>",
                "<a>\\n<b>|2: the element 'b' is never closed",
                "</a>|1: </a> closes nothing",
                "<!DOCTYPE x>|1: a document type cannot be read",
                "\\n<!-- x|2: <!-- is never closed",
                "<a x>|1: in a tag, NAME=\"VALUE\" is expected",
                "<a x=y/>|1: in a tag, NAME=\"VALUE\" is expected",
                "<a x=\"y>|1: in a tag, NAME=\"VALUE\" is expected",
                "a < b|1: '<' starts no element; the sign itself is &lt;",
                "<a x=\"&y;\"/>|1: '&' starts no known character; the sign itself is &amp;",
                "<a x=\"&#1;\"/>|1: '&' starts no known character; the sign itself is &amp;",
                "<Setting Value=\"x\"/>|1: a setting has no name",
                "<Setting Name=\"user\" Value=\"x\"/>|1: there is no setting 'socket', so it has no"
                        + " address",
                "\\n<Setting Name=\"socket\" Value=\"pipe\"/>|2: socket is 'pipe', so it has no"
                        + " address of its own",
                "<Setting Name=\"socket\" Value=\"x\"/>|1: socket must be such as unix://660@/PATH"
                        + " or tcp:ADDRESS:PORT",
                "<Setting Name=\"socket\" Value=\"unix:x\"/>|1: socket: cannot listen at 'x': it is"
                        + " no path from the root on",
                "<Setting Name=\"socket\" Value=\"unix://rw@/x\"/>|1: socket: cannot listen at"
                        + " '/x': the mode in 'listen' must be octal digits such as 660, found"
                        + " \"rw\"",
                "<Setting Name=\"socket\" Value=\"tcp:x:y\"/>|1: socket: cannot listen at 'x:y':"
                        + " the port in 'listen' must be a number from 1 to 65535, found \"y\"",
                "SOCKET<Setting Name=\"instance-type\" Value=\"many\"/>|2: instance-type must be"
                        + " static or ondemand, found 'many'",
                "SOCKET<Setting Name=\"idle-time\" Value=\"x\"/>|2: idle-time must be a number from"
                        + " 0 to 65535, found 'x'",
                "SOCKET<Setting Name=\"user\" Value=\"a b\"/>|2: user must be the name of an"
                        + " account, found 'a b'",
            })
    void aBadFileIsRefusedWithTheLine(String text, String message) throws IOException {
        String whole =
                text.replace("\\n", "\n")
                        .replace("SOCKET", "<Setting Name=\"socket\" Value=\"unix:/x\"/>\n");
        assertThat(refused(whole)).isEqualTo("site.xml:" + message);
    }

    @Test
    void twoFilesOfOneAddressAreRefused() throws IOException {
        Path one = write("one.xml", settings("socket", "unix:/x"));
        Path two = write("two.xml", settings("socket", "unix:/x"));
        assertThat(refused(one, two))
                .isEqualTo(
                        "two.xml:1: this cannot be a pool here: 'two' listens where 'one' listens:"
                                + " /x");
    }

    @Test
    void hostileFilesAreRefused() throws IOException {
        assertThat(refused("<a>".repeat(200))).isEqualTo("site.xml:1: there are too many elements");
        assertThat(refused("<a/>\n".repeat(20_000)))
                .isEqualTo("site.xml:10001: there are too many elements");
    }
}
