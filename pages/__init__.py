"""The pages of the web app, one file each; `app.py` names them. They draw views and decide nothing."""
