package org.procmon.front;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.procmon.front.request.Answers;

/** Answers of Jetty, such as to requests that it cannot read, as text like those of the front. */
final class ErrorText implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int code = response.getStatus();
        Object reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException failure) {
            code = failure.getCode();
            reason = reason == null ? failure.getReason() : reason;
        }
        // Clients learn nothing of bugs.
        boolean isKnown = reason != null && code < HttpStatus.INTERNAL_SERVER_ERROR_500;
        String text = isKnown ? String.valueOf(reason) : "it cannot be answered";
        response.write(true, Answers.begin(response, code, text), callback);
        return true;
    }
}
