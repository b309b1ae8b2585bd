/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to ask for. */
#include "modeld.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char infer_path[] = "/v1/infer";

void modeld_say(modeld_response *out, unsigned status, const char *text)
{
    out->status = status;
    out->type = "text/plain; charset=utf-8";
    out->body = strdup(text);
    out->size = out->body ? strlen(text) : 0;
}

/** Equal, in a time that does not say where they differ. */
static bool same_token(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    unsigned char differ = n != m;

    for (size_t i = 0; i < n; i++)
        differ |= (unsigned char)(a[i] ^ b[m ? i % m : 0]);
    return !differ;
}

const char *modeld_methods(const modeld_request *request)
{
    return strcmp(request->path, infer_path) ? "GET, HEAD" : "POST";
}

unsigned modeld_admit(const modeld *server, const modeld_request *request)
{
    bool asks = !strcmp(request->path, infer_path);

    if (asks != (request->method == MODELD_POST))
        return 405;
    if (request->method == MODELD_OTHER)
        return 405;
    if (!asks)
        return request->chunked || request->length ? 400 : 0;
    if (server->opt.token && !same_token(server->opt.token, request->token))
        return 401;
    if (request->chunked || !request->has_length)
        return 411;
    return request->length > server->opt.body_max ? 413 : 0;
}

/** What is wrong with a question goes back to the one who asked. */
static void keep_error(const fwsim_log_entry *entry, void *user)
{
    char *text = user;

    if (entry->level == FWSIM_LOG_ERROR)
        snprintf(text, 600, "%s\n", entry->text);
}

static void answer(modeld_worker *w, const char *body, size_t size,
                   modeld_response *out)
{
    char why[600] = "the question cannot be answered\n";
    const fwsim_second_source *chat;
    int err;

    out->route = "infer";
    if (!w->server->knowledge || !w->key) {
        modeld_say(out, 503, "this server has no knowledge of registers\n");
        return;
    }
    chat = modeld_chat_begin(w->server);
    err = fwsim_knowledge_answer(w->server->knowledge, body, size, chat, w->key,
                                 (uint64_t)time(NULL), &out->body, &out->size,
                                 keep_error, why);
    modeld_chat_end(chat);
    if (err) {
        bool theirs = err == FWSIM_EFORMAT || err == FWSIM_ENOTSUP;

        if (!theirs)
            modeld_log("a question cannot be answered: %s", fwsim_strerror(err));
        modeld_say(out, theirs ? 422 : 500,
                   theirs ? why : "the question cannot be answered\n");
        return;
    }
    out->status = 200;
    out->type = "application/cbor";
}

void modeld_route(modeld_worker *w, const modeld_request *request,
                  const char *body, size_t size, modeld_response *out)
{
    if (request->method == MODELD_POST) {
        answer(w, body, size, out);
    } else if (!strcmp(request->path, "/health")) {
        out->route = "health";
        modeld_say(out, 200, "ok\n");
    } else if (!strcmp(request->path, "/metrics")) {
        out->route = "metrics";
        out->status = 200;
        out->type = "text/plain; version=0.0.4; charset=utf-8";
        out->body = modeld_metrics(w->server, &out->size);
    } else {
        modeld_file(w->server, request, out);
    }
}
