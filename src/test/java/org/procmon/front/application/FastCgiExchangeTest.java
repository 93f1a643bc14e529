package org.procmon.front.application;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.fastcgi.AllowedPeers;
import org.procmon.fastcgi.Responder;
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.fastcgi.client.ClientRequest;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.fastcgi.client.FastCgiClientLimits;
import org.procmon.fastcgi.client.Role;
import org.procmon.front.config.FrontRoute.Balance;
import org.procmon.front.request.Exchange;

/** One attempt to have a request answered. */
@Timeout(60)
class FastCgiExchangeTest {
    @TempDir Path folder = Path.of("");
    private final Scheduler scheduler = new ScheduledExecutorScheduler();
    private final FastCgiClient client =
            new FastCgiClient(
                    FastCgiClientLimits.DEFAULT,
                    (_, bug) -> {
                        throw new AssertionError(bug);
                    });

    @BeforeEach
    void begin() throws Exception {
        scheduler.start();
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        scheduler.stop();
    }

    private static Exchange exchange() {
        Request request = mock(Request.class, RETURNS_DEEP_STUBS);
        when(request.getMethod()).thenReturn("GET");
        Response response = mock(Response.class);
        when(response.getHeaders()).thenReturn(HttpFields.build());
        doAnswer(
                        call -> {
                            call.<Callback>getArgument(2).succeeded();
                            return null;
                        })
                .when(response)
                .write(anyBoolean(), any(), any());
        return new Exchange(request, response, "/", "", Optional.empty(), Map.of());
    }

    @Test
    void aClientThatLeavesWithItsAnswerEndsNoConnectionOfAnother() throws Exception {
        Path socket = folder.resolve("app.sock");
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        try (Responder _ =
                Responder.start(
                        listener,
                        (_, response) -> response.write("\r\nhello".getBytes(ISO_8859_1)),
                        ResponderLimits.DEFAULT,
                        AllowedPeers.any(),
                        (_, bug) -> {
                            throw new AssertionError(bug);
                        })) {
            Members members = Members.of(List.of("unix:" + socket), Balance.HASH, scheduler);
            Members.Member member = members.choose("", "/", List.of()).orElseThrow();
            Exchange exchange = exchange();
            FastCgiExchange attempt = new FastCgiExchange(client, member);
            try (attempt;
                    ClientWatch.Watched waiting =
                            new ClientWatch(scheduler).watch(exchange.request())) {
                var _ =
                        attempt.run(
                                ClientRequest.of(Role.RESPONDER, Map.of()),
                                exchange,
                                false,
                                waiting);
            }
            attempt.abandon();
            assertThat(member.kept().take().orElseThrow().connection().isReusable()).isTrue();
            members.close();
        }
    }
}
